package flow

import (
	"fmt"
	"strings"
	"testing"

	"zygo/app/fault"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/app/rights"
)

func TestExecutionsAreFoundByTheirData(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	set := byHand + `{"id":"a","type":"set","config":{"assignments":[{"name":"total","value":"{{ $json.order + '-sum' }}"}]}}`
	one, other := p.publish("{}", set, "start>a"), p.publish("{}", set, "start>a")
	runs := map[string]string{}
	for i, order := range []string{"A-1", "A-2", `said "no"`, "Größe"} {
		id := p.run([]string{one, other}[i%2], fmt.Sprintf(`{"order":%q}`, order))
		p.end(id)
		runs[id] = order
	}
	for _, test := range []struct {
		in   Searching
		want string
		next bool
	}{
		{Searching{Text: "a-1"}, "[A-1 start]", false},
		{Searching{Text: "A-1-SUM"}, "[A-1 a]", false},
		{Searching{Text: "a-"}, "[A-2 start A-1 start]", false},
		{Searching{Text: "a-", WorkflowID: one}, "[A-1 start]", false},
		{Searching{Text: "a-", Part: operation.Part{Limit: 1}}, "[A-2 start]", true},
		{Searching{Text: "a-", Part: operation.Part{Limit: 1, Cursor: "2"}}, "[A-1 start]", true},
		{Searching{Text: "a-", Part: operation.Part{Cursor: "1"}}, "[]", false},
		{Searching{Text: `"no"`}, `[said "no" start]`, false},
		{Searching{Text: "Größe"}, "[Größe start]", false},
		{Searching{Text: "GRÖßE"}, "[]", false}, // of other letters the case counts
		{Searching{Text: "%"}, "[]", false},
	} {
		found, err := Search(p.s, &test.in)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, hit := range found.Rows {
			got = append(got, runs[hit.ID], hit.NodeID)
			if !strings.Contains(hit.Excerpt, "order") || hit.Status != Succeeded || hit.WorkflowID == "" {
				t.Errorf("%+v finds %+v", test.in, hit)
			}
		}
		if fmt.Sprint(got) != test.want || (found.Next > 0) != test.next {
			t.Errorf("%+v finds %v, next %d", test.in, got, found.Next)
		}
	}
	if _, err := Search(p.s, &Searching{Text: "a", Part: operation.Part{Cursor: "x"}}); !fault.Is(err, fault.BadRequest) {
		t.Errorf("a strange cursor gives %v", err)
	}
	if found, err := Search(p.clock.Within(t.Context(), p.s.Actor, "another"), &Searching{Text: "a-"}); err != nil || len(found.Rows) > 0 {
		t.Errorf("another organization finds %v, %v", found.Rows, err)
	}
	// Somebody who may read one execution alone finds that one.
	var readable string
	for id, order := range runs {
		if order == "A-1" {
			readable = id
		}
	}
	held := &rights.Rights{Set: rights.Set{Base: rights.Viewer, Removed: map[string]bool{"execution:read": true}}}
	for grant, want := range map[string]int{readable: 1, "another row": 0} {
		few := held.Granted([]rights.Grant{{Permission: "execution:read", Row: grant}})
		guest := p.clock.Member(t.Context(), resource.Actor{Kind: "user", ID: "guest"}, p.s.Tenant(), few, resource.Origin{})
		if found, err := Search(guest, &Searching{Text: "a-"}); err != nil || len(found.Rows) != want {
			t.Errorf("with a grant on %s somebody finds %+v, %v", grant, found.Rows, err)
		}
	}
}
