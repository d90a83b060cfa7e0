package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func value(t *testing.T, loaded Loaded, key string) Setting {
	t.Helper()
	for _, setting := range loaded.Settings {
		if setting.Key == key {
			return setting
		}
	}
	t.Fatalf("%s is not listed", key)
	return Setting{}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c := Defaults()
	if c.DataDir != "./zygo-data" || c.Server.Listen != "127.0.0.1:8080" || c.Server.BodyLimit != 1<<20 ||
		c.Session.Idle != 14*24*time.Hour || c.Log.Format != "auto" || c.Server.ConnectionsPerAddress != 64 {
		t.Errorf("defaults: %+v", c)
	}
}

func TestLaterLayersWin(t *testing.T) {
	t.Parallel()
	file := write(t, "server:\n  listen: 127.0.0.1:1\n  body_limit: 2MiB\nlog:\n  level: debug\n")
	loaded, err := Load(Input{
		File:        file,
		Environment: []string{"ZYGO_SERVER__LISTEN=127.0.0.1:2", "ZYGO_LOG__LEVEL=warn", "HOME=/"},
		Flags:       map[string]string{"server.listen": "127.0.0.1:3"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string][2]string{
		"server.listen":     {"127.0.0.1:3", "--server.listen"},
		"log.level":         {"warn", "ZYGO_LOG__LEVEL"},
		"server.body_limit": {"2MiB", file + ":3"},
		"log.format":        {"auto", "default"},
	} {
		got := value(t, loaded, key)
		if got.Value != want[0] || got.Source != want[1] {
			t.Errorf("%s is %q from %q, want %q from %q", key, got.Value, got.Source, want[0], want[1])
		}
	}
}

func TestListsReplaceAndClear(t *testing.T) {
	t.Parallel()
	file := write(t, "server:\n  trusted_proxies:\n    - 10.0.0.0/8\n    - 192.0.2.7\noutgoing:\n  allow: [Billing.internal:8443, fd00::/8]\n")
	loaded, err := Load(Input{File: file})
	if err != nil {
		t.Fatal(err)
	}
	if got := value(t, loaded, "server.trusted_proxies").Value; got != "10.0.0.0/8, 192.0.2.7/32" {
		t.Errorf("trusted_proxies is %q", got)
	}
	if got := value(t, loaded, "outgoing.allow").Value; got != "billing.internal:8443, fd00::/8" {
		t.Errorf("allow is %q", got)
	}
	loaded, err = Load(Input{File: file, Environment: []string{"ZYGO_SERVER__TRUSTED_PROXIES=", "ZYGO_OUTGOING__ALLOW=10.1.0.0/16, a:1"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(loaded.Config.Server.TrustedProxies) != 0 || len(loaded.Config.Outgoing.Allow) != 2 {
		t.Errorf("the environment did not replace the lists: %+v", loaded.Config)
	}
}

func TestSecretFromFileStaysHidden(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte("hunter2 \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	loaded, err := Load(Input{Environment: []string{"ZYGO_MAIL__PASSWORD_FILE=" + path}})
	if err != nil {
		t.Fatal(err)
	}
	if got := loaded.Config.Mail.Password.Reveal(); got != "hunter2 " {
		t.Errorf("password is %q", got)
	}
	asJSON, err := json.Marshal(loaded)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(asJSON), fmt.Sprintf("%v %+v %#v %s", loaded, loaded, loaded, loaded.Config.Mail.Password)} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("the secret is readable in %s", text)
		}
	}
	if got := value(t, loaded, "mail.password"); !got.Secret || got.Value != mask {
		t.Errorf("listed as %+v", got)
	}
}

func TestSecretInAReadableFileWarns(t *testing.T) {
	t.Parallel()
	file := write(t, "mail:\n  password: hunter2\n")
	loaded, err := Load(Input{File: file})
	if err != nil || len(loaded.Warnings) != 0 {
		t.Fatalf("mode 0600: %v %v", loaded.Warnings, err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	loaded, err = Load(Input{File: file})
	if err != nil || len(loaded.Warnings) != 1 || !strings.Contains(loaded.Warnings[0], "chmod 600") {
		t.Errorf("mode 0644: %v %v", loaded.Warnings, err)
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ listen, base, want string }{
		{"127.0.0.1:8080", "", "http://127.0.0.1:8080"},
		{":8080", "", "http://localhost:8080"},
		{"0.0.0.0:80", "", "http://localhost:80"},
		{"[::]:80", "", "http://localhost:80"},
		{"[::1]:80", "", "http://[::1]:80"},
		{":8080", "https://Zygo.example.com/", "https://zygo.example.com"},
	} {
		loaded, err := Load(Input{Flags: map[string]string{"server.listen": test.listen, "server.base_url": test.base}})
		if err != nil {
			t.Fatal(err)
		}
		if got := loaded.Config.Server.URL(); got != test.want {
			t.Errorf("%q and %q give %q, want %q", test.listen, test.base, got, test.want)
		}
	}
}

func TestExampleIsCommitted(t *testing.T) {
	t.Parallel()
	committed, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if string(committed) != Example() {
		t.Errorf("config.example.yaml differs from the declarations; it should be:\n%s", Example())
	}
}

func TestExampleChangesNothing(t *testing.T) {
	t.Parallel()
	loaded, err := Load(Input{File: write(t, Example())})
	if err != nil {
		t.Fatal(err)
	}
	for i, setting := range loaded.Settings {
		defaults, _ := Load(Input{})
		if setting.Value != defaults.Settings[i].Value {
			t.Errorf("%s is %q, default %q", setting.Key, setting.Value, defaults.Settings[i].Value)
		}
		if setting.Source == "default" {
			t.Errorf("%s is missing from the example", setting.Key)
		}
	}
}

func TestEmptyFilesAreValid(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "\n", "# nothing\n", "---\n", "server:\nlog:\n"} {
		if _, err := Load(Input{File: write(t, content)}); err != nil {
			t.Errorf("%q: %v", content, err)
		}
	}
}
