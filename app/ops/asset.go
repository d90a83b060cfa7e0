package ops

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Asset is something that the company runs or owns and that can break: a service, a server, a database.
type Asset struct {
	resource.Row
	Name        string         `z:"required,max=200,list,search,unique"`
	Category    AssetCategory  `z:"default=service,list,short"`
	Environment Environment    `z:"default=production,list,short"`
	Criticality Criticality    `z:"default=medium,list,short"`
	Lifecycle   Lifecycle      `z:"default=active,list,short"`
	Owner       field.Ref      `z:"to=user,inverse=Assets that they own,list,short"`
	DependsOn   field.Refs     `z:"to=asset,inverse=Assets that depend on this,filter,help=What has to work so that this works."`
	Description field.Markdown `z:"max=20000,search"`
	Tags        field.Tags     `z:"list"`
	Attributes  field.JSON     `z:"max=65536,fold,help=Whatever else is worth knowing, as JSON: serial numbers, addresses, versions."`
	Address     field.URL      `z:"fold,help=Where it can be looked at."`
	Price       field.Money    `z:"fold,short,help=What it cost, or costs a year."`
	Warranty    field.Date     `z:"filter,fold,short,label=Warranty until"`
	Renewal     field.Date     `z:"filter,fold,short,label=Renewal on"`
	Custom      field.Custom
}

// AssetCategory says what sort of thing an asset is.
type AssetCategory string

// Choices lists the categories.
func (AssetCategory) Choices() []field.Choice {
	return []field.Choice{{Value: "service", Label: "Service"}, {Value: "server", Label: "Server"}, {Value: "database", Label: "Database"},
		{Value: "network", Label: "Network"}, {Value: "device", Label: "Device"}, {Value: "contract", Label: "Contract"}}
}

// Environment says what an asset is used for.
type Environment string

// Choices lists the environments.
func (Environment) Choices() []field.Choice {
	return []field.Choice{
		{Value: "production", Label: "Production"},
		{Value: "staging", Label: "Staging"},
		{Value: "development", Label: "Development"},
	}
}

// Criticality says how much hangs on an asset.
type Criticality string

// Choices lists the criticalities.
func (Criticality) Choices() []field.Choice {
	return []field.Choice{
		{Value: "low", Label: "Low"},
		{Value: "medium", Label: "Medium", Tone: "blue"},
		{Value: "high", Label: "High", Tone: "amber"},
		{Value: "critical", Label: "Critical", Tone: "red"},
	}
}

// Lifecycle says whether an asset is still to come, at work, or on its way out.
type Lifecycle string

// Choices lists the stages in their order.
func (Lifecycle) Choices() []field.Choice {
	return []field.Choice{
		{Value: "planned", Label: "Planned", Tone: "blue"},
		{Value: "active", Label: "Active", Tone: "green"},
		{Value: "retiring", Label: "Retiring", Tone: "amber"},
		{Value: "retired", Label: "Retired", Tone: "grey"},
	}
}

// Assets is the kind.
var Assets = resource.Kind[Asset]{
	Shared: true, Name: "asset", Area: "Operations", Icon: "server", Order: "name", State: "lifecycle", Check: (*Asset).check,
	Verbs: []string{resource.List, resource.Get, resource.Create, resource.Update, resource.Delete, resource.Import},
	Help:  "An asset is something you run or own that can break. Incidents name the assets they concern.",
}

func (a *Asset) check(*resource.Change[Asset]) error {
	for _, id := range a.DependsOn {
		if id == a.ID {
			return fault.InvalidField("depends_on", "can't name the asset itself")
		}
	}
	return nil
}
