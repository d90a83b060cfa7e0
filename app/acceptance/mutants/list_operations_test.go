package mutants

// ofOperations are those of operations and query kinds.
var ofOperations = []mutant{
	{
		name:   "an operation is carried out without its permission",
		file:   "app/operation/operation.go",
		from:   "return c.RequireNamed(o.Permission)",
		to:     "return nil",
		folder: "app/operation",
		run:    "AsksForItsPermission",
	},
	{
		name:   "an operation takes another organization",
		file:   "app/operation/operation.go",
		from:   `string(given["id"].Raw) != c.Tenant()`,
		to:     `string(given["id"].Raw) == ""`,
		folder: "app/operation",
		run:    "AsksForItsPermission",
	},
	{
		name:   "operations of operators are open",
		file:   "app/operation/operation.go",
		from:   "if o.Caller == Operators {",
		to:     "if false {",
		folder: "app/operation",
		run:    "OperatorsAlone",
	},
	{
		name:   "a body names another row than the address",
		file:   "app/api/operations.go",
		from:   "_, twice := given[f.Name]; twice",
		to:     "_, twice := given[f.Name]; twice && false",
		folder: "app/acceptance/contract",
		run:    "AModuleCarriesItsArea",
	},
	{
		name:   "query kinds of tenants cross them",
		file:   "app/resource/read.go",
		from:   `b.table.From == "" || !b.spec.Operators`,
		to:     `b.table.From == ""`,
		folder: "app/acceptance/contract",
		run:    "AModuleCarriesItsArea",
	},
}
