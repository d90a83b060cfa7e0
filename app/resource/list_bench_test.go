package resource_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/rights"
)

// note is a kind as most are: a title, a state, a choice, a reference, tags, and a text to search.
type note struct {
	resource.Row
	Title string         `z:"required,max=200,list,search"`
	State stage          `z:"default=open,list"`
	Level level          `z:"default=low,list"`
	Above field.Ref      `z:"to=note,filter"`
	Tags  field.Tags     `z:"filter"`
	Text  field.Markdown `z:"search"`
}

type stage string

func (stage) Choices() []field.Choice { return choicesOf("open", "done", "closed") }

type level string

func (level) Choices() []field.Choice { return choicesOf("low", "high") }

func choicesOf(values ...string) []field.Choice {
	var all []field.Choice
	for _, v := range values {
		all = append(all, field.Choice{Value: v, Label: v})
	}
	return all
}

var wordsOf = []string{"checkout", "database", "slow", "timeout", "payment", "card", "login", "cache", "queue", "network", "storage",
	"certificate", "backup", "deploy", "latency"}

// BenchmarkLists reads pages of 20 rows of a tenant with 1,000, beside 999 tenants that share the others: the time of a page
// must not grow with their rows. median-µs is what to compare between the sizes.
func BenchmarkLists(b *testing.B) {
	for _, rows := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(rows, "rows"), func(b *testing.B) {
			ctx := context.Background()
			notes := &resource.Kind[note]{Name: "note", State: "state"}
			k, err := resource.Open(ctx, []resource.Module{{Name: "test", Kinds: []resource.Declaration{notes}}}, resource.Options{
				Dir: b.TempDir(), Declared: true})
			if err != nil {
				b.Fatal(err)
			}
			defer k.Close()
			random := rand.New(rand.NewPCG(1, 2))
			word := func() string { return wordsOf[random.IntN(len(wordsOf))] }
			session := func(tenant int) *resource.Session {
				return k.Member(ctx, resource.Actor{Kind: "user", ID: "somebody"}, fmt.Sprint("tenant-", tenant), rights.Of(rights.Owner),
					resource.Origin{})
			}
			fill := func(tenant, count int) {
				for count > 0 {
					batch := min(count, 100)
					count -= batch
					if err := session(tenant).Write(func(s *resource.Session) error {
						for range batch {
							if _, err := notes.Create(s, func(n *note) error {
								n.Title = fmt.Sprintf("%s %s %d", word(), word(), random.IntN(1_000_000))
								n.State, n.Level = []stage{"open", "done", "closed"}[random.IntN(3)], []level{"low", "high"}[random.IntN(2)]
								n.Tags, n.Text = field.Tags{word()}, field.Markdown(word()+" "+word()+" "+word())
								return nil
							}); err != nil {
								return err
							}
						}
						return nil
					}); err != nil {
						b.Fatal(err)
					}
				}
			}
			// The tenant that is measured lies in the middle of the others.
			for tenant := 1; tenant < 1000; tenant++ {
				if tenant == 500 {
					fill(0, 1000)
				}
				fill(tenant, max(1, (rows-1000)/999))
			}
			kind, _ := k.Kind("note")
			page, err := kind.List(session(0), resource.Query{Limit: 20})
			if err != nil {
				b.Fatal(err)
			}
			id := kind.ID(page.Rows[7])
			deep, err := kind.List(session(0), resource.Query{Limit: 20, Page: 20})
			if err != nil {
				b.Fatal(err)
			}
			for name, query := range map[string]resource.Query{
				"usual": {},
				"filtered": {
					Filters: []resource.Filter{{Field: "state", Operator: "eq", Values: []string{"open"}},
						{Field: "level", Operator: "eq", Values: []string{"high"}}}},
				"tagged":   {Filters: []resource.Filter{{Field: "tags", Operator: "eq", Values: []string{"queue"}}}},
				"searched": {Search: "certificate"},
				"sorted":   {SortBy: "title"}, "deep": {Cursor: deep.NextCursor},
			} {
				query.Limit = 20
				b.Run(name, func(b *testing.B) {
					median(b, func() error {
						_, err := kind.List(session(0), query)
						return err
					})
				})
			}
			b.Run("found", func(b *testing.B) {
				median(b, func() error {
					_, _, err := session(0).Search("certificate backup")
					return err
				})
			})
			b.Run("got", func(b *testing.B) {
				median(b, func() error {
					record, err := kind.Get(session(0), id)
					if err == nil {
						kind.AppendJSON(nil, record, nil)
					}
					return err
				})
			})
		})
	}
}

// median reports the middle time beside the mean, which one slow read moves.
func median(b *testing.B, do func() error) {
	b.ReportAllocs()
	var times []time.Duration
	for b.Loop() {
		start := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1000, "median-µs")
}
