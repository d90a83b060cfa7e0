package safety

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"zygo/store"
)

// BenchmarkBareHandler is the limit of BenchmarkExecutions: a handler of the same framework that writes an execution and four steps
// of the same size durably, and knows nothing of tenants, rights and workflows.
func BenchmarkBareHandler(b *testing.B) {
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
			app := fiber.New(fiber.Config{DisableStartupMessage: true})
			app.Post("/", func(c *fiber.Ctx) error {
				if err := s.Write(context.Background(), func(tx *store.Tx) error {
					for range 5 {
						if err := tx.Insert(store.Within("a"), table, &bare{Text: text}); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					return err
				}
				return c.SendString(`[{"triaged":true}]`)
			})
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			go func() { _ = app.Listener(listener) }()
			defer func() { _ = app.Shutdown() }()
			url := "http://" + listener.Addr().String() + "/"
			body := []byte(`{"ref":"refs/heads/main","after":"0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c"}`)
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers, DisableCompression: true}}
			defer client.CloseIdleConnections() // for which the end of the server would wait
			repeat(b, client, callers, func(client *http.Client) error {
				response, err := client.Post(url, "application/json", bytes.NewReader(body))
				if err != nil {
					return err
				}
				defer response.Body.Close()
				_, err = io.ReadAll(response.Body)
				return err
			})
		})
	}
}
