package platform_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zygo/app/access"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/module"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

// Drawing is a kind that holds a file.
type Drawing struct {
	resource.Row
	Sheet field.File
}

func TestWhatNoRowTookIsRemovedAfterADay(t *testing.T) {
	t.Parallel()
	drawings := resource.Kind[Drawing]{Name: "drawing"}
	kernel := kerneltest.New(t, identity.Module, access.Module, platform.Module, module.Module{
		Module: resource.Module{Name: "test", Kinds: []resource.Declaration{&drawings}}})
	uploads := platform.NewUploads(kernel.Kernel, 1<<20, 0)
	as := func(tenant string) *resource.Session {
		return kernel.Within(t.Context(), resource.Actor{Kind: "user", ID: "one"}, tenant)
	}
	add := func(tenant, content string) string {
		t.Helper()
		made, err := uploads.Add(as(tenant), "file.txt", strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		return made.ID
	}
	stored := func() int {
		blobs, err := filepath.Glob(filepath.Join(kernel.Dir, "blobs", "??", "*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(blobs)
	}
	forget := func(later time.Duration, want int) {
		t.Helper()
		kernel.Advance(later)
		if err := uploads.Forget(t.Context(), kernel.Kernel); err != nil {
			t.Fatal(err)
		}
		if stored() != want {
			t.Errorf("%d contents are stored, want %d", stored(), want)
		}
	}
	taken, _, other, _ := add("a", "kept"), add("a", "lost"), add("b", "kept"), add("b", "lost")
	row, err := drawings.Create(as("a"), func(d *Drawing) error { d.Sheet.ID = taken; return nil })
	if err != nil || row.Sheet.Name != "file.txt" {
		t.Fatalf("the row holds %+v: %v", row, err)
	}
	if _, err := drawings.Create(as("a"), func(d *Drawing) error { d.Sheet.ID = other; return nil }); err == nil {
		t.Error("a row takes another organization's upload")
	}
	forget(23*time.Hour, 2)
	forget(time.Hour, 1)
	if _, err := uploads.Open(as("a"), row.Sheet); err != nil {
		t.Errorf("the file of a row is gone: %v", err)
	}
	if _, err := uploads.Open(as("b"), row.Sheet); err == nil {
		t.Error("another organization opens it")
	}
	if _, err := drawings.Update(as("a"), row.ID, 0, resource.Update, "updated",
		func(d *Drawing) error { d.Sheet = field.File{}; return nil }); err != nil {
		t.Fatal(err)
	}
	forget(23*time.Hour, 1)
	forget(time.Hour, 0)
}
