package ops

import (
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
	Owner       field.Ref      `z:"to=user,list,short"`
	Description field.Markdown `z:"max=20000,search"`
	Tags        field.Tags     `z:"list"`
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
	return []field.Choice{{Value: "production", Label: "Production"}, {Value: "staging", Label: "Staging"}, {Value: "development", Label: "Development"}}
}

// Criticality says how much hangs on an asset.
type Criticality string

// Choices lists the criticalities.
func (Criticality) Choices() []field.Choice {
	return []field.Choice{{Value: "low", Label: "Low"}, {Value: "medium", Label: "Medium", Tone: "blue"}, {Value: "high", Label: "High", Tone: "amber"}, {Value: "critical", Label: "Critical", Tone: "red"}}
}

// Assets is the kind.
var Assets = resource.Kind[Asset]{
	Name: "asset", Area: "Operations", Icon: "server", Order: "name",
	Help: "An asset is something you run or own that can break. Incidents name the assets they concern.",
}
