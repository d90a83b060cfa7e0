package mutants

// ofMemory are those of what is remembered between requests.
var ofMemory = []mutant{
	{
		name:   "a change forgets nothing",
		file:   "app/remember/remember.go",
		from:   "m.marks[i].Add(1)",
		to:     "m.marks[i].Add(0)",
		folder: "app/acceptance/records",
		run:    "DropdownValues",
	},
	{
		name:   "changes are missed while reading",
		file:   "app/remember/remember.go",
		from:   "if m.changes.Load() == before {",
		to:     "if before >= 0 {",
		folder: "app/remember",
		run:    "ChangesWhileItIsRead",
	},
	{
		name:   "ended sessions are remembered",
		file:   "app/resource/table.go",
		from:   "s.touch(t, t.SubjectIn(where))\n\treturn s.tx.Delete(",
		to:     "return s.tx.Delete(",
		folder: "app/identity/sessions",
		run:    "Remembered",
	},
	{
		name:   "roles from before a change",
		file:   "app/identity/sessions/recognize.go",
		from:   "[]string{people.Memberships.Name, tenants.Kind.Name}",
		to:     "[]string{tenants.Kind.Name}",
		folder: "app/acceptance/safety",
		run:    "RevocationWorks",
	},
	{
		name:   "tokens that ended",
		file:   "app/identity/sessions/access_token.go",
		from:   "if !known.ends.After(system.Now.Go()) {",
		to:     "if false && system != nil {",
		folder: "app/identity/sessions",
		run:    "TokenEndsInTime",
	},
	{
		name:   "rights without an end",
		file:   "app/access/access.go",
		from:   `var decisive = []string{"role", "team", "team_member", "workspace", "grant"}`,
		to:     "var decisive = []string{}",
		folder: "app/acceptance/access",
		run:    "ARoleOfOnesOwn|APrivateWorkspace",
	},
}
