package flow

import (
	"zygo/app/resource"
	"zygo/app/value"
)

// variables are what expressions see as $vars and $env: those of the organization, and those of the workspace in their place.
func (e *Engine) variables(tenant, workspace string) (value.Value, error) {
	return resource.Cached(e.session(tenant, "", ""), "variables "+workspace, []string{"variable"},
		func(s *resource.Session) (value.Value, error) {
			type variable struct{ Name, Value string }
			found, err := resource.Select[variable](s,
				"SELECT name, value FROM {variable} WHERE workspace_id = '' OR workspace_id = ? ORDER BY workspace_id", workspace)
			if err != nil {
				return value.Null(), err
			}
			var members []value.Member
			at := map[string]int{}
			for _, v := range found {
				i, known := at[v.Name]
				if !known {
					i = len(members)
					at[v.Name], members = i, append(members, value.Member{Key: v.Name})
				}
				members[i].Value = value.String(v.Value)
			}
			return value.Object(members...), nil
		})
}
