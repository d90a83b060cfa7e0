package vault

import (
	"os"
	"path/filepath"
	"testing"

	"zygo/app/fault"
	"zygo/store"
)

func TestSealedOpensAtItsPlaceOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keys, err := Load(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	sealed := keys.Seal("the value", "tenant", "row", "field")
	again, err := Load(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if value, err := again.Open(sealed, "tenant", "row", "field"); err != nil || value != "the value" {
		t.Errorf("opened %q, %v", value, err)
	}
	for name, place := range map[string][3]string{"another tenant": {"other", "row", "field"}, "another row": {"tenant", "other", "field"},
		"another field": {"tenant", "row", "other"}} {
		if _, err := again.Open(sealed, place[0], place[1], place[2]); err == nil {
			t.Errorf("the secret opens at %s", name)
		}
	}
	if _, err := again.Open(sealed[:len(sealed)-1]+"x", "tenant", "row", "field"); err == nil {
		t.Error("a changed secret opens")
	}
}

func TestLostAndDamagedKeysAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Load(dir, false); !fault.Is(err, fault.Unavailable) {
		t.Errorf("an instance with data and no key: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, store.KeyFile)); err == nil {
		t.Error("a key was made in the place of the lost one")
	}
	if err := os.WriteFile(filepath.Join(dir, store.KeyFile), []byte("c2hvcnQ="), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir, true); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a short key: %v", err)
	}
}
