package flow

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/value"
)

// Whatever a text holds, it comes back as it was, and nobody can write what is read as a reference.
func TestPayloadsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	p := newPlant(t).payloads
	long := strings.Repeat("a", longText)
	list := make([]value.Value, 30_000)
	for i := range list {
		list[i] = value.String("an entry")
	}
	known, err := p.spill(value.String("known" + long).AppendJSON(nil))
	if err != nil {
		t.Fatal(err)
	}
	forged := "\x00" + referencesOf(known)[0]
	for name, test := range map[string]struct {
		v    value.Value
		refs int
	}{
		"short":                    {value.Object(value.Member{Key: "a", Value: value.String("b")}), 0},
		"a long text":              {value.List(value.String(long), value.Int(1)), 1},
		"a text that stands twice": {value.List(value.String(long), value.String("x"), value.String(long)), 2},
		"a long list":              {value.List(list...), 1},
		"a long list with a long text": {value.List(append(list[:len(list):len(list)], value.String(long),
			value.String(long+`"\`))...), 3},
		"escapes":                      {value.List(value.String(strings.Repeat(`"\`, longText)), value.String(`\`)), 1},
		"a long key":                   {value.Object(value.Member{Key: long, Value: value.Null()}), 1},
		"a reference":                  {value.List(value.String(forged)), 1},
		"a reference as a key":         {value.Object(value.Member{Key: forged, Value: value.String(forged)}), 2},
		"a reference within a text":    {value.List(value.String(`x"`+forged+`"`), value.String(`"`+forged)), 0},
		"a reference within a payload": {value.List(value.String(forged + long)), 1},
		"no end of a reference":        {value.List(value.String("\x00")), 1},
	} {
		full := field.JSON(test.v.AppendJSON(nil))
		short, err := p.spill(full)
		if err != nil {
			t.Fatal(err)
		}
		back, err := p.inflate(short)
		if err != nil || !bytes.Equal(back, full) {
			t.Errorf("%s: %d bytes come back as %d, %v", name, len(full), len(back), err)
		}
		if refs := referencesOf(short); len(refs) != test.refs || len(short) > longWhole {
			t.Errorf("%s has the references %v in %d bytes", name, refs, len(short))
		}
	}
}

// A file that travels through several nodes is stored once, is there after a restart, and goes with the last execution that has it.
func TestLargeDataOfExecutions(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.retention = Retention{Days: 1}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	set := byHand + `{"id":"a","type":"set","config":{"assignments":[{"name":"x","value":1}]}},
		{"id":"b","type":"set","config":{"assignments":[{"name":"y","value":2}]}}`
	workflow := p.publish("{}", set, "start>a", "a>b")
	file := strings.Repeat("content ", longText/4)
	input := `{"file":"` + file + `"}`
	id := p.run(workflow, input)
	p.end(id)
	files := func() (count int) {
		for range p.payloads.files.Old(time.Now().Add(1000 * day)) {
			count++
		}
		return count
	}
	stored := func() int {
		t.Helper()
		size, err := resource.SelectOne[int](p.s, `SELECT coalesce(sum(length(outputs)), 0) + (SELECT coalesce(sum(length(input) + length(output)), 0)
			FROM {execution}) FROM {step}`)
		if err != nil {
			t.Fatal(err)
		}
		return size
	}
	if rows := stored(); files() != 1 || rows > 2_000 {
		t.Fatalf("%d files and %d bytes in rows", files(), rows)
	}
	view := p.view(id)
	if last := view.Nodes[len(view.Nodes)-1]; !strings.Contains(string(last.Output), file) || !strings.Contains(string(view.Output), file) ||
		!strings.Contains(string(view.Input), file) {
		t.Error("the file is not what the nodes gave")
	}
	again, err := p.Retry(p.s, id, Again{From: FromNode, Node: "b"})
	if err != nil {
		t.Fatal(err)
	}
	p.end(again)
	if view := p.view(again); view.Status != Succeeded || !strings.Contains(string(view.Output), file) || files() != 1 {
		t.Errorf("run again it is %s with %d files", view.Status, files())
	}
	if size := p.rows()[0].Size; size < int64(3*len(file)) {
		t.Errorf("the size of the execution is %d", size)
	}
	p.clock.Advance(2 * day)
	if err := p.Prune(t.Context()); err != nil || files() != 0 || stored() != 0 {
		t.Errorf("after pruning there are %d files and %d bytes, %v", files(), stored(), err)
	}
}

// Content that was just put stays, although nothing refers to it yet; so does what an organization shares with another that is erased.
func TestPayloadsThatNobodyRefersTo(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	workflow := p.publish("{}", strings.TrimSuffix(byHand, ","))
	input := `{"file":"` + strings.Repeat("b", longText) + `"}`
	p.end(p.run(workflow, input))
	lone, err := p.payloads.put([]byte("lone"))
	if err != nil {
		t.Fatal(err)
	}
	sum, _ := parted(lone)
	here := func() bool {
		f, err := p.payloads.files.Open(sum)
		if err == nil {
			f.Close()
		}
		return !os.IsNotExist(err)
	}
	for _, step := range []struct {
		pass time.Duration
		want bool
	}{{0, true}, {freshPayload / 2, true}, {freshPayload, false}} {
		p.clock.Advance(step.pass)
		if err := p.Prune(t.Context()); err != nil || here() != step.want {
			t.Errorf("after %s more: %t, %v", step.pass, here(), err)
		}
	}
	used, err := resource.SelectOne[string](p.s, "SELECT sum FROM {payload}")
	if err != nil {
		t.Fatal(err)
	}
	if sum = used; !here() {
		t.Fatal("what an execution refers to is gone")
	}
	if err := p.EraseTenant(t.Context(), "another"); err != nil || !here() {
		t.Errorf("another organization takes it along: %v", err)
	}
	if err := p.EraseTenant(t.Context(), p.s.Tenant()); err != nil || here() {
		t.Errorf("it outlives its organization: %v", err)
	}
}

// An execution that is refused leaves nothing on the disk, and where the disk is almost full a small one still begins.
func TestRefusedInputsLeaveNothing(t *testing.T) {
	t.Parallel()
	large := `{"file":"` + strings.Repeat("c", 3*longText) + `"}`
	for name, refuse := range map[string]func(p *plant) fault.Code{
		"busy": func(p *plant) fault.Code {
			p.smallBudget(1<<20, 2*longText, 2*longText)
			return fault.RateLimited
		},
		"full": func(p *plant) fault.Code {
			p.payloads.files.Reserve = 1 << 60
			return fault.Unavailable
		},
	} {
		p := newPlant(t)
		must(t, p.Start())
		workflow := p.publish("{}", strings.TrimSuffix(byHand, ","))
		want := refuse(p)
		if _, err := p.Execute(p.s, workflow, []byte(large)); !fault.Is(err, want) {
			t.Errorf("%s: a large input gives %v", name, err)
		}
		for sum := range p.payloads.files.Old(time.Now().Add(1000 * day)) {
			t.Errorf("%s: %s is left", name, sum)
		}
		if done := p.end(p.run(workflow, `{"id":1}`)); done.Status != Succeeded {
			t.Errorf("%s: a small one is %s", name, done.Status)
		}
	}
}
