// Package embed holds what is not Go and has to be in the binary. It imports nothing of Zygo.
package embed

import "embed"

// Static is the folder static: the browser's files under hashed names, with manifest.json from their plain names.
//
//go:embed static
var Static embed.FS

// Templates is the folder templates, which package ui alone parses.
//
//go:embed templates
var Templates embed.FS
