package flow

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"

	"zygo/app/flow/node"
	"zygo/app/value"
)

func TestSecretsAreTakenOutInEveryForm(t *testing.T) {
	t.Parallel()
	const secret = `s3cr=t/pass+word?ÿ&😀"`
	marshalled, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	std, web := base64.StdEncoding, base64.RawURLEncoding
	for name, text := range map[string]string{
		"as it is":              "the token is " + secret + ".",
		"in JSON":               string(value.AppendString(nil, "\""+secret)),
		"in JSON in JSON":       string(value.AppendString(nil, string(value.AppendString(nil, secret)))),
		"in Go's JSON":          string(marshalled),
		"in PHP's JSON":         `"s3cr=t\/pass+word?\u00ff&\ud83d\ude00\""`,
		"in Python's JSON":      `"s3cr=t/pass+word?\u00ff&\ud83d\ude00\""`,
		"in a query":            "a=" + url.QueryEscape(secret),
		"in a path":             "/" + url.PathEscape(secret),
		"in small escapes":      "/" + strings.ToLower(url.QueryEscape(secret)),
		"in base64":             std.EncodeToString([]byte(secret)),
		"in base64 of the web":  web.EncodeToString([]byte(secret)),
		"behind one letter":     std.EncodeToString([]byte("u:" + secret)),
		"behind two":            std.EncodeToString([]byte("us:" + secret)),
		"behind three":          std.EncodeToString([]byte("use:" + secret)),
		"before something":      std.EncodeToString([]byte("user:" + secret + ":realm")),
		"in the web's, between": web.EncodeToString([]byte("user:" + secret + ":realm")),
	} {
		var r redactor
		r.used(secret + "\n") // as a file of one line ends
		clean := r.text(text)
		for _, part := range []string{"cr=t/pass", "cr%3D", "cr%3d", std.EncodeToString([]byte(secret))[4:16]} {
			if strings.Contains(clean, part) {
				t.Errorf("%s: %s still holds %s", name, clean, part)
			}
		}
		if !strings.Contains(clean, redacted) {
			t.Errorf("%s: nothing was taken out of %s", name, clean)
		}
		outputs, err := r.outputs([]node.Output{
			{Name: node.Main, Items: []value.Item{{JSON: value.Object(value.Member{Key: "echo", Value: value.String(text)})}}}})
		if err != nil || !strings.Contains(outputs[0].Items[0].JSON.JSON(), redacted) {
			t.Errorf("%s: the output is %+v, %v", name, outputs, err)
		}
	}
	// What is no secret stays.
	var r redactor
	r.used("ab1")
	r.used("plain word")
	for _, text := range []string{"ab1", "plainword", html.EscapeString("a word"),
		std.EncodeToString([]byte("another text that is long enough"))} {
		if got := r.text(text); got != text {
			t.Errorf("%s became %s", text, got)
		}
	}
}
