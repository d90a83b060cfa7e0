package content

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"strings"
	"testing"

	"zygo/app/value"
)

func TestABodyIsWhatItsTypeSays(t *testing.T) {
	t.Parallel()
	const png = "\x89PNG\r\n\x1a\n\x00"
	file := func(name, media, body string) string {
		return File{name, media, []byte(body)}.Value().JSON()
	}
	for _, c := range []struct{ media, body, want string }{
		{"application/json", `{"id":1}`, `{"id":1}`},
		{"Application/JSON", `{"id":1}`, `{"id":1}`},
		{" application/vnd.github+json ; charset=utf-8", `[1]`, `[1]`},
		{"application/json", "\xef\xbb\xbf{\"id\":1}", `{"id":1}`},
		{"application/json", "\xff\xfe{\x00}\x00", `{}`},
		{"application/json; charset=utf-16be", "\x00{\x00}", `{}`},
		{"application/json", `{"a":"x","b":1,"a":"z"}`, `{"a":"z","b":1}`},
		{"application/json", `{"a":"x \ud83d","b":"\ude00y"}`, `{"a":"x ` + "\ufffd" + `","b":"` + "\ufffd" + `y"}`},
		{"application/json", `{"n":12345678901234567890}`, `{"n":12345678901234567890}`},
		{"application/x-ndjson", "{\"n\":1}\r\n\n{\"n\":2}", `[{"n":1},{"n":2}]`},
		{"application/x-www-form-urlencoded", "a=1&b=x+y&a=2&c", `{"a":["1","2"],"b":"x y","c":""}`},
		{"application/x-www-form-urlencoded", "style=a;b&id=7&bad=%zz", `{"style":"a;b","id":"7","bad":"%zz"}`},
		{"application/x-www-form-urlencoded", "name=Jos%E9&utf=%C3%A9", `{"name":"José","utf":"é"}`},
		{"text/plain", "Grüße", `"Grüße"`},
		{"", "Grüße", `"Grüße"`},
		{"text/plain; charset=iso-8859-1", "caf\xe9", `"café"`},
		{"text/plain; charset=windows-1252", "\x80 5", `"€ 5"`},
		{"text/plain; charset=shift_jis", "\x93\xfa\x96\x7b", `"日本"`},
		{"text/csv", "\xef\xbb\xbfa,b", `"a,b"`},
		{"text/csv", "\xff\xfea\x00,\x00", `"a,"`},
		{"application/xml", "<a/>", `"<a/>"`},
		{"image/png", png, file("", "image/png", png)},
		{"application/octet-stream", "a\x00b", file("", "application/octet-stream", "a\x00b")},
		{"text/plain", "caf\xe9", file("", "text/plain", "caf\xe9")},
		{"text/plain; charset=utf-8", "caf\xe9", file("", "text/plain", "caf\xe9")},
		{"text/plain; charset=utf-8", "a \ufffd b", `"a ` + "\ufffd" + ` b"`},
		{"multipart/form-data; boundary=B",
			"--B\r\nContent-Disposition: form-data; name=\"field\"\r\n\r\nx\r\n--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n" + png + "\r\n--B--\r\n",
			`{"field":"x","f":` + file("a.png", "image/png", png) + `}`},
		{"application/json", "", "null"},
	} {
		got, err := Read(TypeOf(c.media), []byte(c.body))
		if err != nil || got.JSON() != c.want {
			t.Errorf("%q as %q is %s, want %s: %v", c.body, c.media, got.JSON(), c.want, err)
		}
	}
	for _, c := range []struct{ media, body, wrong string }{
		{"application/json", `{"text":`, "ends"},
		{"application/json; charset=ISO-8859-1", "{\"name\":\"caf\xe9\"}", "UTF-8"},
		{"application/json", "{\"name\":\"caf\xe9\"}", "UTF-8"},
		{"application/json", `{"n":1e400}`, "too large"},
		{"application/x-ndjson", "{}\n{", "line 2"},
		{"multipart/form-data", "x", "boundary"},
		{"multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx", "cut off"},
	} {
		if got, err := Read(TypeOf(c.media), []byte(c.body)); err == nil || !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%q as %q is %s, %v", c.body, c.media, got.JSON(), err)
		}
	}
}

// TestNoByteIsLost: a file has all of its bytes.
func TestNoByteIsLost(t *testing.T) {
	t.Parallel()
	var all []byte
	for b := range 256 {
		all = append(all, byte(b))
	}
	got, err := base64.StdEncoding.DecodeString(Text(TypeOf("application/pdf"), all).Get("base64").Raw())
	if err != nil || !bytes.Equal(got, all) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestAPackedBodyIsBounded(t *testing.T) {
	t.Parallel()
	pack := func(size int) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		w.Write(make([]byte, size))
		w.Close()
		return out.Bytes()
	}
	if plain, err := Unpack("gzip", pack(1000), 1000); err != nil || len(plain) != 1000 {
		t.Errorf("%d bytes, %v", len(plain), err)
	}
	for name, body := range map[string][]byte{"a bomb": pack(200 << 20), "a byte too many": pack(1000), "no gzip": []byte("x"),
		"cut off": pack(1000)[:20]} {
		if _, err := Unpack("gzip", body, 999); err == nil {
			t.Errorf("%s is unpacked", name)
		}
	}
}

func TestAFileIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"name":"a.txt","media_type":"text/plain","base64":"aGk="}`:            "a.txt text/plain hi",
		`{"name":"../../etc/passwd","media_type":"text/plain","base64":"aGk"}`:  "passwd text/plain hi",
		`{"name":"C:\\x\\b\r\n.txt","media_type":"a\r\nX: y","base64":"-_8="}`:  "b.txt application/octet-stream \xfb\xff",
		`{"name":"a","media_type":"Text/Plain;\r\n charset=utf-8","base64":""}`: "a text/plain; charset=utf-8 ",
		`{"name":"..","base64":""}`:     " application/octet-stream ",
		`{"name":null,"base64":"aGk="}`: " application/octet-stream hi",
	} {
		v, err := value.Parse([]byte(in), value.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if f, ok := FileOf(v); !ok || f.Name+" "+f.MediaType+" "+string(f.Body) != want {
			t.Errorf("%s is read as %+v", in, f)
		}
	}
	for _, in := range []string{`1`, `"aGk="`, `{}`, `{"base64":1}`, `{"base64":"?"}`, `["aGk="]`, `null`} {
		v, err := value.Parse([]byte(in), value.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if f, ok := FileOf(v); ok {
			t.Errorf("%s is read as %+v", in, f)
		}
	}
}
