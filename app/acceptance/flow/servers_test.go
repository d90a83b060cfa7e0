package flow

import (
	"bytes"
	"encoding/json"
	"net"
	"net/url"
	"strings"
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

// TestServersOfOthersAreAskedAndTheSecretsStay reads a database, hands what it says to a command on another machine, and looks
// for the secrets of both in everything that Zygo shows and writes.
func TestServersOfOthersAreAskedAndTheSecretsStay(t *testing.T) {
	t.Parallel()
	database, machine := counterpart.Postgres(t), counterpart.SSH(t)
	i := instance.StartBinary(t, "outgoing.allow="+database+","+net.JoinHostPort(machine.Host, machine.Port))
	owner := i.As("owner@acme")
	user := url.UserPassword("zygo", counterpart.DatabasePassword).String()
	for name, value := range map[string]string{"DATABASE": "postgres://" + user + "@" + database + "/postgres?sslmode=disable",
		"WRONG_DATABASE": "postgres://" + strings.Replace(user, "zygo", "other", 1) + "@" + database + "/postgres?sslmode=disable",
		"SSH_KEY":        machine.Key} {
		owner.Must(owner.Call("POST", "secrets", map[string]any{"name": name, "value": value}), 201, nil)
	}
	ask := map[string]any{"url": "{{ $secrets.DATABASE }}", "sql": "SELECT $1::text || generate_series(1, 2) AS name",
		"parameters": []any{map[string]any{"value": "it's "}}}
	run := map[string]any{"host": machine.Host, "port": json.Number(machine.Port), "username": machine.User, "key": "{{ $secrets.SSH_KEY }}",
		"host_key": machine.HostKey, "command": "echo", "arguments": []any{map[string]any{"value": "{{ $json.name }}"}}}
	done := owner.Run(owner.Publish("Asks", []any{instance.Node("go", "trigger.manual", nil), instance.Node("ask", "data", ask),
		instance.Node("run", "ssh", run)}, instance.Chain("go", "ask", "run")), nil)
	if done.Status != "succeeded" || !bytes.Contains(done.Nodes[2].Output["main"], []byte(`"stdout":"it's 2\n"`)) {
		t.Errorf("it ended as %s, %+v with %+v", done.Status, done.Error, done.Nodes)
	}
	all := []instance.Execution{done}
	ask["url"], run["host_key"] = "{{ $secrets.WRONG_DATABASE }}", ""
	for name, nodes := range map[string][]any{
		"password authentication failed": {instance.Node("go", "trigger.manual", nil), instance.Node("fails", "data", ask)},
		machine.HostKey:                  {instance.Node("go", "trigger.manual", nil), instance.Node("fails", "ssh", run)},
	} {
		failed := owner.Run(owner.Publish("Fails at "+name, nodes, instance.Chain("go", "fails")), nil)
		if failed.Status != "failed" || !strings.Contains(failed.Error.Message, name) {
			t.Errorf("it ended as %s, %+v; want %s", failed.Status, failed.Error, name)
		}
		all = append(all, failed)
	}
	shown, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{counterpart.DatabasePassword, strings.SplitN(user, ":", 2)[1], strings.Split(machine.Key, "\n")[1]} {
		if bytes.Contains(shown, []byte(secret)) || strings.Contains(i.Output.String(), secret) {
			t.Errorf("%.10s… is shown", secret)
		}
	}
}
