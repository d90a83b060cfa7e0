package resource

// Showable names the fields that a list can show, as they are declared.
func (s *Spec) Showable() []string {
	var names []string
	for _, f := range s.Fields {
		if !f.Internal && f.Name != "tenant_id" && f.Name != "workspace_id" {
			names = append(names, f.Name)
		}
	}
	return names
}
