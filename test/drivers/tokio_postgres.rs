// What tokio-postgres, here through its blocking client, does with a parameter where
// gaiops.ordered_json is taken: as python.py does.
use postgres::{types::ToSql, Client, NoTls};
use std::env::var;

const TEXT: &str = r#"[{"role": "user", "content": "Hi", "z": 1.0, "a": 2}]"#;
const ASKED: &str = "SELECT p.inputs::text FROM gaiops.span_payloads AS p WHERE p.kind = 'request' ORDER BY p.start_time DESC LIMIT 1";

fn main() {
    let url = format!("host={} port={} user={} password={} dbname={}", var("PGHOST").unwrap(), var("PGPORT").unwrap(),
        var("PGUSER").unwrap(), var("PGPASSWORD").unwrap(), var("PGDATABASE").unwrap());
    let mut client = Client::connect(&url, NoTls).unwrap();
    let value: serde_json::Value = serde_json::from_str(TEXT).unwrap();
    let given: [(&str, &(dyn ToSql + Sync)); 2] = [("&str", &TEXT), ("serde_json::Value", &value)];
    for binding in ["", "::json", "::text"] {
        for (name, value) in given {
            let outcome = client
                .query(&format!("SELECT gaiops_chat('echo', messages => $1{binding})"), &[value])
                .and_then(|_| client.query_one(ASKED, &[]))
                .map(|row| row.get::<_, String>(0))
                .unwrap_or_else(|error| error.to_string());
            let kept = outcome.replace(' ', "").contains(r#""z":1.0,"a":2"#);
            println!("{:14} {:28} {}", "tokio-postgres", format!("{name} as $1{binding}"), if kept { "kept" } else { &outcome });
        }
    }
}
