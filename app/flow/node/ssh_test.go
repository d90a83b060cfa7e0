package node_test

import (
	"net"
	"strings"
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/outgoing"
)

func TestSSHCommands(t *testing.T) {
	t.Parallel()
	server := counterpart.SSH(t)
	guard, err := outgoing.NewGuard([]string{net.JoinHostPort(server.Host, server.Port)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	start := `{"host":"127.0.0.1","port":` + server.Port + `,"username":` + quote(server.User) + `,"key":` + quote(server.Key) +
		`,"host_key":"` + server.HostKey + `",`
	for _, c := range []struct{ config, want string }{
		{`"command":"printf '%s|'","arguments":[{"value":"{{ $json.a }}"},{"value":""},{"value":"x"}]}`, `main:[{"code":0,"stdout":"'; id #||x|","stderr":""}]`},
		{`"command":"cat","input":"{{ $json.f }}"}`, `main:[{"code":0,"stdout":"é","stderr":""}]`},
		{`"command":"cat","input":{"n":"{{ 1 }}"}}`, `main:[{"code":0,"stdout":"{\"n\":1}","stderr":""}]`},
		{`"command":"echo no >&2; exit 3","never_error":true}`, `main:[{"code":3,"stdout":"","stderr":"no\n"}]`},
		{`"command":"echo no >&2; exit 3"}`, `!The command ended with the code 3: no`},
		{`"command":"printf","arguments":[{"value":"{{ 'a' + $json.zero }}"}]}`, `!arguments.0.value: an argument can't hold`},
	} {
		in := call(t, `[{"a":"'; id #","f":`+carried("f", "é")+`,"zero":"\u0000"}]`)
		in.Services.HTTP = guard
		r, err := compile(t, "ssh", start+c.config).Run(t.Context(), in)
		if part, isError := strings.CutPrefix(c.want, "!"); isError {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %s, %v; want the error %s", c.config, outputs(r), err, part)
			}
		} else if err != nil || outputs(r) != c.want {
			t.Errorf("%s:\n got %s, %v\nwant %s", c.config, outputs(r), err, c.want)
		}
	}
	found, _ := node.Find("ssh", 1)
	const complete = `"username":"a","key":"{{ $secrets.K }}",`
	for config, wrong := range map[string]string{
		`{"host":"h",` + complete + `"command":"rm {{ $json.file }}"}`:                           "command: holds an expression",
		`{"host":"a@h",` + complete + `"command":"id"}`:                                          "host: is a name",
		`{"host":"h",` + complete + `"command":"id","host_key":"MD5:00"}`:                        "host_key: is neither",
		`{"host":"h","username":"a","command":"id"}`:                                             "key: is required",
		`{"host":"h","username":"a","auth":"password","command":"id"}`:                           "password: is required",
		`{"host":"h",` + complete + `"command":"id","arguments":[{"value":"{{ $secrets.K }}"}]}`: "arguments.0.value: can't use secrets",
	} {
		_, faults := found.Compile(field.JSON(config))
		if len(faults) == 0 || !strings.HasPrefix(faults[0].Field+": "+faults[0].Message, wrong) {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
}
