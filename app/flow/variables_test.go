package flow

import (
	"testing"

	"zygo/app/access"
	"zygo/app/field"
	"zygo/app/platform"
)

// A variable of the workspace takes the place of the organization's, and a change holds from the next execution on.
func TestVariables(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	must(t, p.Start())
	workspace, err := access.Workspaces.Create(p.s, func(w *access.Workspace) error {
		w.Name = "Staging"
		return nil
	})
	must(t, err)
	keep := func(name, text, workspace string) *platform.Variable {
		t.Helper()
		made, err := platform.Variables.Create(p.s, func(v *platform.Variable) error {
			v.Name, v.Value, v.WorkspaceID = name, field.LongText(text), workspace
			return nil
		})
		must(t, err)
		return made
	}
	url := keep("SHOP_URL", "https://shop.test", "")
	keep("SHOP_URL", "https://staging.shop.test", workspace.ID)
	keep("region", "eu", "")
	nodes := byHand + at("x", 0, "set",
		`{"keep":"none","assignments":[{"name":"to","value":"{{ $vars.SHOP_URL }} {{ $env.region }} {{ $vars.other ?? 'none' }}"}]}`)
	everywhere := p.publish("{}", nodes, "start>x")
	there := p.publish("{}", nodes, "start>x")
	_, err = Workflows.Update(p.s, there, 0, "update", "updated", func(w *Workflow) error {
		w.WorkspaceID = workspace.ID
		return nil
	})
	must(t, err)
	says := func(workflow, want string) {
		t.Helper()
		if done := p.end(p.run(workflow, "{}")); string(done.Output) != `[{"json":{"to":"`+want+`"},"from":{"node":"start","output":"main","index":0}}]` {
			t.Errorf("it gave %s and not %s", done.Output, want)
		}
	}
	says(everywhere, "https://shop.test eu none")
	says(there, "https://staging.shop.test eu none")
	_, err = platform.Variables.Update(p.s, url.ID, 0, "update", "updated", func(v *platform.Variable) error {
		v.Value = "https://new.shop.test"
		return nil
	})
	must(t, err)
	says(everywhere, "https://new.shop.test eu none")
}
