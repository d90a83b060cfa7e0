package safety

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
	"zygo/store"
)

// BenchmarkExecutions measures a webhook workflow of four nodes that is answered at its end, with the execution and its
// steps recorded and on disk before the answer; the load comes from the same machine.
// BenchmarkBareHandler measures the limit in the same run.
func BenchmarkExecutions(b *testing.B) {
	for _, callers := range []int{1, 10, 50} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			i := instance.StartBinary(b)
			c := i.As("editor@acme")
			c.Publish("Bench", []any{
				instance.Node("hook", "trigger.webhook", map[string]any{"path": "bench", "respond": "at_end"}),
				instance.Node("main", "if", map[string]any{
					"conditions": []any{map[string]any{"left": "{{ $json.body.ref }}", "op": "equals", "right": "refs/heads/main"}}}),
				instance.Node("fields", "set", map[string]any{"keep": "none", "assignments": []any{
					map[string]any{"name": "commit", "value": "{{ $json.body.after }}"},
					map[string]any{"name": "text", "value": "{{ $json.body.pusher.name }} pushed to {{ $json.body.repository.full_name }}"}}}),
				instance.Node("last", "set", map[string]any{
					"assignments": []any{map[string]any{"name": "triaged", "type": "boolean", "value": "true"}}}),
			}, []any{instance.Link("hook", "main", "main"), instance.Link("main", "true", "fields"),
				instance.Link("fields", "main", "last")})
			body := []byte(
				`{"ref":"refs/heads/main","after":"0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c","pusher":{"name":"octocat"},"repository":{"full_name":"octo/hello"}}`)
			measure(b, i, callers, func(client *http.Client) error {
				response, err := client.Post(i.URL+"/hooks/acme/bench", "application/json", bytes.NewReader(body))
				if err != nil {
					return err
				}
				defer response.Body.Close()
				answer, err := io.ReadAll(response.Body)
				if err == nil && response.StatusCode != 200 {
					err = fmt.Errorf("%d %s", response.StatusCode, answer)
				}
				return err
			})
		})
	}
}

// measure lets callers repeat one request b.N times in all and reports rate, latency and the server's CPU time.
func measure(b *testing.B, i *instance.Instance, callers int, once func(*http.Client) error) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers, DisableCompression: true}}
	if err := once(client); err != nil {
		b.Fatal(err)
	}
	cpu := cpuTime(b, i)
	calls := repeat(b, client, callers, once)
	b.ReportMetric((cpuTime(b, i)-cpu).Seconds()*1000/float64(calls), "cpu_s_per_1000")
}

// repeat lets callers repeat one request b.N times in all, reports rate and latency, and gives the number of requests.
func repeat(b *testing.B, client *http.Client, callers int, once func(*http.Client) error) int {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	times := make([][]time.Duration, callers)
	var wait sync.WaitGroup
	b.ResetTimer()
	for caller := range callers {
		wait.Go(func() {
			for left.Add(-1) >= 0 {
				started := time.Now()
				if err := once(client); err != nil {
					b.Error(err)
					return
				}
				times[caller] = append(times[caller], time.Since(started))
			}
		})
	}
	wait.Wait()
	b.StopTimer()
	all := slices.Concat(times...)
	slices.Sort(all)
	if len(all) == 0 {
		return 1
	}
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "per_s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50_ms")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99_ms")
	b.ReportMetric(0, "ns/op")
	return len(all)
}

// cpuTime is the CPU time that the process has used, in its own and the kernel's code.
func cpuTime(b *testing.B, i *instance.Instance) time.Duration {
	b.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(i.Process.Process.Pid), "stat"))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+2:]))
	ticks := 0
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	const perSecond = 100 // USER_HZ is 100 on every Linux that Go runs on
	return time.Duration(ticks) * time.Second / perSecond
}

// BenchmarkDurableRows is the raw rate of durable transactions of the store: one execution's five rows each.
func BenchmarkDurableRows(b *testing.B) {
	type bare struct {
		N        int64
		TenantID string
		Text     string
	}
	table := store.NewTable[bare]("bare")
	for _, callers := range []int{1, 10, 50} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s, err := store.Open(context.Background(), store.Options{Dir: b.TempDir(), Tables: []*store.Table{table}, Unmigrated: true})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			if err := s.CreateTables(context.Background()); err != nil {
				b.Fatal(err)
			}
			text := strings.Repeat("x", 400)
			var left atomic.Int64
			left.Store(int64(b.N))
			var wait sync.WaitGroup
			b.ResetTimer()
			for range callers {
				wait.Go(func() {
					for left.Add(-1) >= 0 {
						if err := s.Write(context.Background(), func(tx *store.Tx) error {
							for range 5 {
								if err := tx.Insert(store.Within("a"), table, &bare{Text: text}); err != nil {
									return err
								}
							}
							return nil
						}); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wait.Wait()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "per_s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkReads asks over one kept-alive connection for a row and for a list of 20, the client's own time included.
func BenchmarkReads(b *testing.B) {
	i := instance.StartBinary(b)
	c := i.As("editor@acme")
	var id string
	for n := range 500 {
		id = c.CreateRow("assets", map[string]any{"name": fmt.Sprint("Asset ", n), "tags": []string{"measured"}}).ID
	}
	for name, path := range map[string]string{"row": "assets/" + id, "list": "assets?limit=20",
		"filtered": "assets?filter[tags]=measured&filter[lifecycle]=active"} {
		b.Run(name, func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				start := time.Now()
				if answer, err := c.Try("GET", path, nil); err != nil || answer.Status != 200 {
					b.Fatal(answer.Status, err)
				}
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1000, "median-µs")
		})
	}
}
