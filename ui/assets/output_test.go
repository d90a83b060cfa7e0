package main

import (
	"os"
	"path/filepath"
	"testing"
)

// Anyone who builds without Node has no node_modules; the check then belongs to those who have.
func TestCommittedOutput(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("node_modules"); err != nil {
		t.Skip("no node_modules")
	}
	files, err := build(".")
	if err != nil {
		t.Fatal(err)
	}
	if err := compare(files, "../../"+target); err != nil {
		t.Error(err)
	}
}

func TestCommittedLibraries(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("node_modules/luxon"); err != nil {
		t.Skip("node_modules has no Luxon")
	}
	files, err := buildLibraries(".")
	if err != nil {
		t.Fatal(err)
	}
	if err := compare(files, "../../"+libraryTarget); err != nil {
		t.Error(err)
	}
}

// The budget of a page is 60 KB, of one with the canvas 180 KB; these are their larger parts.
func TestSizes(t *testing.T) {
	t.Parallel()
	for pattern, limit := range map[string]int64{
		"app.*.css.gz": 12 << 10, "app.*.js.gz": 30 << 10, "icons.*.svg.gz": 8 << 10,
		"canvas.*.css.gz": 8 << 10, "canvas.*.js.gz": 104 << 10,
	} {
		found, err := filepath.Glob(filepath.Join("../../", target, pattern))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %q %v", pattern, found, err)
		}
		info, err := os.Stat(found[0])
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > limit {
			t.Errorf("%s has %d bytes, over %d", found[0], info.Size(), limit)
		}
	}
}
