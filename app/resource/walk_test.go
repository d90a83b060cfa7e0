package resource_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"zygo/app/field"
	"zygo/app/module"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
	"zygo/app/rights"
)

type sample struct {
	resource.Row
	Name  string         `z:"required,max=100,list,search"`
	Seen  field.Time     `z:"list,filter"`
	Count int            `z:"list,filter"`
	Took  field.Duration `z:"list,filter"`
	Price field.Money    `z:"list,filter"`
	Due   field.Date     `z:"list,filter"`
}

// TestAListEndsAndLeavesNothingOut walks lists by cursor whose rows differ by less than people see, are alike, or have no value,
// and finds each row by the value that it shows.
func TestAListEndsAndLeavesNothingOut(t *testing.T) {
	t.Parallel()
	samples := &resource.Kind[sample]{Name: "sample"}
	k := kerneltest.New(t, module.Module{Module: resource.Module{Name: "test", Kinds: []resource.Declaration{samples}}})
	session := func() *resource.Session { return k.As("acme", rights.Editor) }
	const rows = 120
	for n := range rows {
		if n%3 == 0 {
			k.Advance(time.Microsecond) // an import writes many within a millisecond
		}
		if _, err := samples.Create(session(), func(s *sample) error {
			s.Name = fmt.Sprint("Sample ", n%7)
			if n%10 != 0 {
				s.Seen, s.Count = session().Now.Add(time.Duration(n/4)*time.Microsecond), n/5
				s.Took, s.Price = field.Duration(n/3), field.Money{Amount: int64(n / 4), Currency: "EUR"}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	kind, _ := k.Kind("sample")
	for _, by := range []string{"", "created_at", "updated_at", "name", "seen", "count", "took", "price", "due"} {
		for _, down := range []bool{false, true} {
			query := resource.Query{SortBy: by, Descending: down, Limit: 25}
			seen := map[string]bool{}
			for pages := 0; ; pages++ {
				page, err := kind.List(session(), query)
				if err != nil {
					t.Fatalf("by %s: %v", by, err)
				}
				for _, row := range page.Rows {
					seen[kind.ID(row)] = true
				}
				if query.Cursor = page.NextCursor; query.Cursor == "" || pages > rows {
					break
				}
			}
			if len(seen) != rows || query.Cursor != "" {
				t.Errorf("by %q, falling %v: %d of %d rows come, cursor %q", by, down, len(seen), rows, query.Cursor)
			}
		}
	}
	all, err := kind.List(session(), resource.Query{Limit: rows})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range kind.Spec().Fields {
		if !slices.Contains([]string{"updated_at", "seen", "took", "price"}, f.Name) {
			continue
		}
		for _, row := range all.Rows {
			shown := kind.Value(row, f)
			if shown == "" {
				continue
			}
			page, err := kind.List(session(), resource.Query{
				Filters: []resource.Filter{{Field: f.Name, Operator: "eq", Values: []string{shown}}}, Limit: rows})
			if err != nil || !slices.ContainsFunc(page.Rows, func(found resource.Record) bool { return kind.ID(found) == kind.ID(row) }) {
				t.Errorf("%s %s does not find its row: %v", f.Name, shown, err)
				break
			}
		}
	}
}
