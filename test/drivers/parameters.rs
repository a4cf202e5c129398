// What tokio-postgres does with a parameter where gaiops.ordered_json is taken, and
// with a future that is dropped: as parameters.py does.
use serde_json::Value;
use std::time::Duration;
use tokio_postgres::{types::ToSql, Client, NoTls};

const TEXT: &str = r#"[{"role": "user", "content": "Hi", "z": 1.0, "a": 2}]"#;
const ASKED: &str = "SELECT p.inputs::text FROM gaiops.span_payloads AS p WHERE p.kind = 'request' ORDER BY p.start_time DESC LIMIT 1";
const UNDER_WAY: &str = "SELECT count(*) FROM gaiops.calls_in_flight";

async fn connect() -> Client {
    let url = std::env::var("DATABASE_URL").unwrap();
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

#[tokio::main]
async fn main() {
    let client = connect().await;
    let value: Value = serde_json::from_str(TEXT).unwrap();
    let given: [(&str, &(dyn ToSql + Sync)); 2] = [("&str", &TEXT), ("serde_json::Value", &value)];
    for binding in ["", "::json", "::text"] {
        for (name, value) in given {
            let query = format!("SELECT gaiops_chat('echo', messages => $1{binding})");
            let outcome = match client.query(&query, &[value]).await {
                Ok(_) => client.query_one(ASKED, &[]).await.unwrap().get::<_, String>(0),
                Err(error) => error.to_string(),
            };
            let kept = outcome.replace(' ', "").contains(r#""z":1.0,"a":2"#);
            println!("{:14} {:28} {}", "tokio-postgres", format!("{name} as $1{binding}"), if kept { "kept" } else { &outcome });
        }
    }
    let call = client.query_one("SELECT gaiops_chat('llm-dev', 'slow:8000')", &[]);
    let given_up = tokio::time::timeout(Duration::from_secs(3), call).await.is_err();
    let count: i64 = connect().await.query_one(UNDER_WAY, &[]).await.unwrap().get(0);
    println!("{:14} {:28} given up: {given_up}, under way: {count}", "tokio-postgres", "dropped future");
}
