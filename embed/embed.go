// Package embed holds what is not Go and travels inside the binary: migrations, page templates, static assets and docs.
// It imports nothing of Zygo. Each tree is read by one package: migrations by store, the others by ui.
package embed

import "embed"

// Migrations holds the goose migrations, one folder per database.
//
//go:embed migrations
var Migrations embed.FS
