// What pgx does with a parameter where gaiops.ordered_json is taken: as parameters.py does.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
)

const text = `[{"role": "user", "content": "Hi", "z": 1.0, "a": 2}]`
const asked = `SELECT p.inputs::text FROM gaiops.span_payloads AS p WHERE p.kind = 'request' ORDER BY p.start_time DESC LIMIT 1`

func main() {
	ctx := context.Background()
	for _, binding := range []string{"", "::json", "::text"} {
		for _, given := range []struct {
			name  string
			value any
		}{{"string", text}, {"[]byte", []byte(text)}, {"json.RawMessage", json.RawMessage(text)}} {
			// A session for each, so that no error of one is seen by another.
			connection, err := pgx.Connect(ctx, "")
			if err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			var outcome string
			_, err = connection.Exec(ctx, "SELECT gaiops_chat('echo', messages => $1"+binding+")", given.value)
			if err == nil {
				err = connection.QueryRow(ctx, asked).Scan(&outcome)
			}
			if err != nil {
				outcome = err.Error()
			}
			if strings.Contains(outcome, `"z": 1.0, "a": 2`) {
				outcome = "kept"
			}
			if len(outcome) > 90 {
				outcome = outcome[:90]
			}
			fmt.Printf("%-14s %-28s %s\n", "pgx", given.name+" as $1"+binding, outcome)
			connection.Close(ctx)
		}
	}
}
