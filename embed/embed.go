// Package embed holds what is not Go and has to be in the binary. It imports nothing of Zygo. Each tree is read by one
// package: migrations by store, workflows and connectors by flow, seeds by platform,
// mail by outbox, the others by ui.
package embed

import "embed"

// Migrations holds the goose migrations, one folder per database.
//
//go:embed migrations
var Migrations embed.FS

// Static is the folder static: the browser's files under hashed names, with manifest.json from their plain names.
//
//go:embed static
var Static embed.FS

// Workflows is the folder workflows: the workflow templates that the instance ships.
//
//go:embed workflows
var Workflows embed.FS

// Connectors is the folder connectors: the recipes of outside services.
//
//go:embed connectors
var Connectors embed.FS

// Seeds is the folder seeds: what a new instance is given to begin with.
//
//go:embed seeds
var Seeds embed.FS

// Templates is the folder templates, which package ui alone parses.
//
//go:embed templates
var Templates embed.FS

// Mail is the folder mail: the look of mails.
//
//go:embed mail
var Mail embed.FS

// Docs is the folder docs: the guide in Markdown, in the order of its file names.
//
//go:embed docs
var Docs embed.FS
