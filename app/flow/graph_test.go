package flow

import (
	"encoding/json"
	"testing"

	"zygo/app/field"
	"zygo/embed"
)

// Whatever is imported is refused with a reason, or is a graph that compiles or says why it does not.
func FuzzGraph(f *testing.F) {
	files, err := embed.Workflows.ReadDir("workflows")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := embed.Workflows.ReadFile("workflows/" + file.Name())
		if err != nil {
			f.Fatal(err)
		}
		var p Portable
		if err := json.Unmarshal(text, &p); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(p.Nodes), []byte(p.Connections), []byte(p.Settings))
	}
	f.Add([]byte(`[{"id":"a","type":"trigger.manual"},{"id":"b","type":"set"}]`), []byte(`[{"from_node":"a","to_node":"b"},{"from_node":"b","to_node":"b"}]`), []byte(`{"time_zone":"../x"}`))
	f.Add([]byte(`[{"id":"a","type":"trigger.schedule","config":{"mode":"every","every":1}}]`), []byte(`[]`), []byte(`{"timeout":-1}`))
	f.Add([]byte(`null`), []byte(`{}`), []byte(`[]`))
	f.Fuzz(func(t *testing.T, nodes, connections, settings []byte) {
		g, err := parseGraph(field.JSON(nodes), field.JSON(connections), field.JSON(settings))
		if err != nil {
			return
		}
		p, problems := compile(g)
		if (p == nil) == (len(problems) == 0) {
			t.Errorf("a program %v and the problems %v", p, problems)
		}
		for _, problem := range problems {
			if problem.Message == "" {
				t.Errorf("a problem without a reason: %+v", problem)
			}
		}
	})
}
