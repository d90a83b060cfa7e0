package safety

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"zygo/app/acceptance/instance"
)

// strangersRows are the rows of other organizations in the table that is read.
const strangersRows = 100_000

// BenchmarkCalls lets a member with an access token get a row, list 20 and create one, in an organization with few rows and in one
// with many, among the rows of a hundred others. Each line is the rate and the server's CPU time of 1,000 of them.
func BenchmarkCalls(b *testing.B) {
	for _, rows := range []int{100, 20_000} {
		i := instance.StartBinary(b, "server.connections_per_address=1000")
		id := i.As("editor@acme").CreateRow("assets", map[string]any{"name": "Gate"}).ID
		i.Stop()
		multiply(i, rows-1, "tenant_id")
		multiply(i, strangersRows, "'stranger-' || i % 100")
		i.Serve()
		token := i.As("editor@acme").Token
		var named atomic.Int64
		send := func(client *http.Client, method, path string) error {
			var body io.Reader
			if method != "GET" {
				body = strings.NewReader(fmt.Sprintf(`{"name":"Gateway %d"}`, named.Add(1)))
			}
			request, err := http.NewRequestWithContext(b.Context(), method, i.URL+instance.Address(path), body)
			if err != nil {
				return err
			}
			request.Header.Set("Authorization", "Bearer "+token)
			request.Header.Set("Content-Type", "application/json")
			response, err := client.Do(request)
			if err != nil {
				return err
			}
			defer response.Body.Close()
			answer, err := io.ReadAll(response.Body)
			if err == nil && response.StatusCode >= 300 {
				err = fmt.Errorf("%d %s", response.StatusCode, answer)
			}
			return err
		}
		const list = "assets?filter[lifecycle]=active&sort_by=created_at&sort_order=desc&limit=20"
		for _, call := range []struct {
			name  string
			steps [][2]string
		}{
			{"get", [][2]string{{"GET", "assets/" + id}}},
			{"list", [][2]string{{"GET", list}}},
			// Nothing that was counted before a change holds for the list after it.
			{"change-and-list", [][2]string{{"PATCH", "assets/" + id}, {"GET", list}}},
			{"create", [][2]string{{"POST", "assets"}}},
		} {
			for _, callers := range []int{10, 50} {
				b.Run(fmt.Sprintf("%s/rows=%d/callers=%d", call.name, rows, callers), func(b *testing.B) {
					measure(b, i, callers, func(client *http.Client) error {
						for _, step := range call.steps {
							if err := send(client, step[0], step[1]); err != nil {
								return err
							}
						}
						return nil
					})
				})
			}
		}
	}
}

// multiply copies the one asset of an instance that was stopped, each copy with an organization of its own by an expression.
func multiply(i *instance.Instance, count int, tenant string) {
	names := strings.Split(i.Text("SELECT group_concat(name) FROM pragma_table_info('t_asset')"), ",")
	values := make([]string, len(names))
	for at, name := range names {
		switch name {
		case "n":
			values[at] = "(SELECT max(n) FROM t_asset) + i"
		case "id":
			values[at] = "hex(randomblob(16))"
		case "name", "name_folded":
			values[at] = name + " || ' ' || i"
		case "tenant_id":
			values[at] = tenant
		default:
			values[at] = name
		}
	}
	i.Execute(fmt.Sprintf(`WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < %d)
		INSERT INTO t_asset (%s) SELECT %s FROM counted, (SELECT * FROM t_asset ORDER BY n LIMIT 1)`,
		count, strings.Join(names, ", "), strings.Join(values, ", ")))
}
