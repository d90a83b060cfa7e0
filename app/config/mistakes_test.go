package config

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"zygo/app/fault"
)

// expectMistake wants a fault of one line that has each part.
func expectMistake(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error; want one with %q", parts)
		return
	}
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("not an invalid fault: %v", err)
	}
	message := fault.Public(err).Message
	if strings.Contains(message, "\n") || len(message) > 400 {
		t.Errorf("not one line: %.500q", message)
	}
	for _, part := range parts {
		if !strings.Contains(message, part) {
			t.Errorf("%q lacks %q", message, part)
		}
	}
}

func TestMistakesInTheFile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		content string
		parts   []string
	}{
		"typo": {"server:\n  listn: 127.0.0.1:1\n",
			[]string{":2:", "server.listn is not a setting", "did you mean server.listen?"}},
		"typo of a section":     {"sever:\n  listen: x\n", []string{":1:", "sever is not a setting"}},
		"key without section":   {"listen: 127.0.0.1:1\n", []string{":1:", "did you mean server.listen?"}},
		"key with a dot":        {"server.listen: 127.0.0.1:1\n", []string{":1:", "two levels"}},
		"wrong section":         {"log:\n  listen: x\n", []string{":2:", "did you mean server.listen?"}},
		"nothing near":          {"zzzzzz: 1\n", []string{":1:", "zzzzzz is not a setting"}},
		"huge key":              {strings.Repeat("k", 500) + ": 1\n", []string{":1:", "500 bytes"}},
		"key twice":             {"log:\n  level: info\n  level: debug\n", []string{":3:", "log.level is given twice, first on line 2"}},
		"section twice":         {"log:\n  level: info\nlog:\n  format: text\n", []string{":3:", "log is given twice"}},
		"wrong unit":            {"server:\n  body_limit: 1 megabyte\n", []string{":2:", "server.body_limit", "1MiB"}},
		"duration without unit": {"session:\n  idle: 14\n", []string{":2:", "session.idle", "14d"}},
		"negative duration":     {"session:\n  idle: -14d\n", []string{":2:", "session.idle"}},
		"too small":             {"server:\n  body_limit: 1B\n", []string{"64KiB to 256MiB"}},
		"overflow":              {"server:\n  connections_per_address: 99999999999999999999\n", []string{"not a whole number"}},
		"number as words":       {"engine:\n  workers: many\n", []string{":2:", "engine.workers", "whole number"}},
		"float":                 {"engine:\n  workers: 1.5\n", []string{"whole number"}},
		"choice":                {"log:\n  format: jsn\n", []string{":2:", "text, json or auto"}},
		"list for a value":      {"log:\n  level: [info]\n", []string{"log.level is one value"}},
		"value for a list":      {"server:\n  trusted_proxies: 10.0.0.0/8\n", []string{":2:", "is a list"}},
		"value for a section":   {"server: 127.0.0.1:1\n", []string{":1:", "server is a section"}},
		"list for a section":    {"server:\n  - listen\n", []string{":2:", "server is a section"}},
		"no value":              {"log:\n  level:\n", []string{":2:", "log.level has no value"}},
		"top-level list":        {"- a\n", []string{":1:", "key: value"}},
		"top-level text":        {"hello\n", []string{":1:", "key: value"}},
		"tab":                   {"server:\n\tlisten: x\n", []string{":2:", "tab"}},
		"byte order mark":       {"\xef\xbb\xbfserver:\n", []string{":1:", "byte order mark"}},
		"CR LF":                 {"server:\r\n  listen: x\r\n", []string{":1:", "CR LF"}},
		"binary":                {"\x7fELF\x00\x01", []string{":1:", "not UTF-8 text"}},
		"UTF-16":                {"s\x00e\x00r\x00", []string{":1:", "not UTF-8 text"}},
		"syntax":                {"server: [\n", []string{"not valid YAML"}},
		"nested brackets":       {strings.Repeat("[", 500_000), []string{"not valid YAML"}},
		"second document":       {"log:\n---\nlog:\n", []string{"second document"}},
		"anchor":                {"mail:\n  host: &a x\n  from: *a\n", []string{":2:", "anchor"}},
		"alias bomb":            {"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", []string{":1:", "a is not a setting"}},
		"merge key":             {"x: &x\n  a: 1\nserver:\n  <<: *x\n", []string{":1:"}},
		"tag":                   {"mail:\n  host: !!binary aGk=\n", []string{":2:", "tag"}},
		"mapping as a key":      {"? {a: b}\n: c\n", []string{":1:", "plain name"}},
		"line break in value":   {"mail:\n  host: |\n    a\n    b\n", []string{"mail.host", "line break"}},
		"every address":         {"server:\n  trusted_proxies: [0.0.0.0/0]\n", []string{":2:", "server.trusted_proxies", "every address"}},
		"every IPv6 address":    {"server:\n  trusted_proxies: [\"::/0\"]\n", []string{"every address"}},
		"address in network":    {"server:\n  trusted_proxies: [10.1.2.3/8]\n", []string{"write 10.0.0.0/8"}},
		"not a network":         {"outgoing:\n  allow: [internal]\n", []string{"outgoing.allow", "internal"}},
		"port of nothing":       {"outgoing:\n  allow: [\"host:0\"]\n", []string{"outgoing.allow"}},
		"base without scheme":   {"server:\n  base_url: zygo.example.com\n", []string{":2:", "server.base_url", "https://"}},
		"base with path":        {"server:\n  base_url: https://example.com/zygo\n", []string{"write https://example.com"}},
		"base with user":        {"server:\n  base_url: https://a:b@example.com\n", []string{"scheme and host"}},
		"listen without port":   {"server:\n  listen: localhost\n", []string{"127.0.0.1:8080"}},
		"port too large":        {"server:\n  listen: 127.0.0.1:80800\n", []string{"80800"}},
		"idle over absolute":    {"session:\n  idle: 91d\n", []string{":2:", "session.absolute (90d)"}},
		"text without account":  {"sms:\n  auth_token: a\n", []string{":2:", "sms.account_sid"}},
		"listens nowhere":       {"server:\n  listen: \"\"\n", []string{":2:", "server.listen is empty"}},
		"HTTPS without address": {"tls:\n  listen: :443\n", []string{":2:", "tls.listen", "server.base_url", "https://"}},
		"HTTPS at a number": {"server:\n  base_url: https://192.0.2.7\ntls:\n  listen: :443\n",
			[]string{":4:", "tls.listen", "192.0.2.7"}},
		"challenges alone": {"tls:\n  http_listen: :80\n", []string{":2:", "tls.http_listen", "tls.listen is empty"}},
		"one port for both": {"server:\n  base_url: https://a.test\ntls:\n  listen: :443\n  http_listen: :443\n",
			[]string{":5:", "tls.http_listen", "of its own"}},
		"key without its other": {"server:\n  base_url: https://a.test\ntls:\n  listen: :443\n  key_file: a\n",
			[]string{":5:", "tls.certificate_file is empty"}},
		"certificate alone": {"server:\n  base_url: https://a.test\ntls:\n  listen: :443\n  certificate_file: a\n",
			[]string{":5:", "tls.key_file is empty"}},
		"two ways of HTTPS": {
			"server:\n  base_url: https://a.test\ntls:\n  listen: :443\n  certificate_file: a\n  key_file: a\n  ca_file: a\n",
			[]string{":7:", "tls.ca_file", "leave one out"}},
		"address of nobody":   {"server:\n  base_url: https://a.test\ntls:\n  listen: :443\n  email: ops\n", []string{":5:", "tls.email"}},
		"plain directory":     {"tls:\n  directory: http://ca.example.com/dir\n", []string{":2:", "tls.directory", "https://"}},
		"text without sender": {"sms:\n  account_sid: AC1\n  auth_token: a\n", []string{":2:", "sms.from"}},
		"host without sender": {"mail:\n  host: smtp.example.com\n", []string{"mail.from"}},
		"password in clear":   {"mail:\n  encryption: none\n  username: a\n", []string{":2:", "mail.encryption"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(Input{File: write(t, test.content)})
			expectMistake(t, err, append(test.parts, "config.yaml")...)
		})
	}
}

func TestMistakesOfTheFileItself(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	loop := filepath.Join(folder, "loop")
	pipe := filepath.Join(folder, "pipe")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, part := range map[string]string{
		filepath.Join(folder, "missing.yaml"): "does not exist",
		folder:                                "is a directory",
		loop:                                  "leads back to itself",
		pipe:                                  "not a plain file",
		write(t, strings.Repeat("#", fileSize+1)):    "larger than 1024 KiB",
		write(t, strings.Repeat("a: 1\n", fileSize)): "larger than 1024 KiB",
	} {
		_, err := Load(Input{File: path})
		expectMistake(t, err, path+":", part)
	}
}

func TestUnreadableFile(t *testing.T) {
	t.Parallel()
	path := write(t, "log:\n")
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(path); err == nil {
		// Root reads every file, so the message is checked where the error is translated.
		expectMistake(t, invalid(path, "%v", readable(&os.PathError{Op: "open", Path: path, Err: syscall.EACCES})), "can't be read")
		return
	}
	_, err := Load(Input{File: path})
	expectMistake(t, err, path, "can't be read")
}

func TestMistakesInTheEnvironmentAndFlags(t *testing.T) {
	t.Parallel()
	secret := write(t, "x")
	for name, test := range map[string]struct {
		input Input
		parts []string
	}{
		"typo": {Input{Environment: []string{"ZYGO_SERVER__LISTN=x"}},
			[]string{"ZYGO_SERVER__LISTN", "did you mean ZYGO_SERVER__LISTEN?"}},
		"one underscore": {Input{Environment: []string{"ZYGO_SERVER_LISTEN=x"}}, []string{"did you mean ZYGO_SERVER__LISTEN?"}},
		"bad value": {Input{Environment: []string{"ZYGO_ENGINE__WORKERS=-1"}},
			[]string{"ZYGO_ENGINE__WORKERS: engine.workers", "0 to 1024"}},
		"empty number": {Input{Environment: []string{"ZYGO_ENGINE__WORKERS="}}, []string{"whole number"}},
		"missing secret": {Input{Environment: []string{"ZYGO_MAIL__PASSWORD_FILE=/nowhere"}},
			[]string{"mail.password", "/nowhere does not exist"}},
		"value and file": {Input{Environment: []string{"ZYGO_MAIL__PASSWORD=a", "ZYGO_MAIL__PASSWORD_FILE=" + secret}},
			[]string{"given twice"}},
		"flag typo": {Input{Flags: map[string]string{"server.lisen": "x"}},
			[]string{"--server.lisen", "did you mean server.listen?"}},
		"flag value": {Input{Flags: map[string]string{"session.idle": "soon"}}, []string{"--session.idle: session.idle", "14d"}},
		"flag of all proxies": {Input{Flags: map[string]string{"server.trusted_proxies": "10.0.0.0/8,0.0.0.0/0"}},
			[]string{"every address"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(test.input)
			expectMistake(t, err, test.parts...)
		})
	}
}

// A secret that is wrong must not be told to anyone who reads the log of the failed start.
func TestMistakeNeverShowsASecret(t *testing.T) {
	t.Parallel()
	_, err := Load(Input{Environment: []string{"ZYGO_MAIL__PASSWORD=hunter2\x01"}})
	expectMistake(t, err, "mail.password")
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
}

func FuzzFile(f *testing.F) {
	f.Add(Example())
	f.Add("a: &a [*a]\n")
	f.Fuzz(func(t *testing.T, content string) {
		if _, err := Load(Input{File: write(t, content)}); err != nil {
			message := fault.Public(err).Message
			if strings.Contains(message, "\n") {
				t.Errorf("more than one line: %q", message)
			}
		}
	})
}
