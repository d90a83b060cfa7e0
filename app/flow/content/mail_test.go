package content

import (
	"strings"
	"testing"
)

func TestMail(t *testing.T) {
	t.Parallel()
	lines := func(lines ...string) []byte { return []byte(strings.Join(lines, "\r\n")) }
	for name, test := range map[string]struct {
		raw  []byte
		want []string
	}{
		"a plain one": {
			lines("From: Ada Lovelace <ada@example.org>", "To: support@example.com, \"Bob, B.\" <bob@example.com>", "Subject: Hello",
				"Date: Tue, 31 Mar 2026 10:00:00 +0200", "Message-ID: <1@example.org>", "", "Hello", "there"),
			[]string{`"id":"<1@example.org>"`, `"from":{"name":"Ada Lovelace","address":"ada@example.org"}`,
				`"to":[{"name":"","address":"support@example.com"},{"name":"Bob, B.","address":"bob@example.com"}]`, `"subject":"Hello"`,
				`"date":"2026-03-31T08:00:00Z"`, `"text":"Hello\nthere"`, `"html":""`, `"automatic":false`, `"files":[]`},
		},
		"words and charsets": {
			lines("From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>", "Subject: =?iso-8859-1?q?Gr=FC=DFe?= =?utf-8?b?4oKs?=",
				"Content-Type: text/plain; charset=windows-1252", "Content-Transfer-Encoding: quoted-printable", "", "Stra=DFe =80"),
			[]string{`"name":"Jürgen"`, `"subject":"Grüße€"`, `"text":"Straße €"`},
		},
		"parts and files": {
			lines("Subject: Parts", "Content-Type: multipart/mixed; boundary=a", "", "--a", "Content-Type: multipart/alternative; boundary=b", "",
				"--b", "", "plain", "--b", "Content-Type: text/html", "", "<p>rich</p>", "--b--", "--a",
				"Content-Type: application/pdf; name=\"=?utf-8?q?Rechnung_=C3=9C.pdf?=\"", "Content-Transfer-Encoding: base64",
				"Content-Id: <logo>", "", "JVBE", "Rg==", "--a", "Content-Disposition: attachment; filename=\"../../etc/passwd\"", "", "note", "--a--"),
			[]string{`"text":"plain"`, `"html":"<p>rich</p>"`,
				`{"name":"Rechnung Ü.pdf","media_type":"application/pdf","size":4,"base64":"JVBERg==","content_id":"logo"}`,
				`{"name":"passwd","media_type":"text/plain","size":4,"base64":"bm90ZQ=="}`},
		},
		"an answer in a thread": {
			lines("In-Reply-To: <1@a>", "References: <0@a> <1@a>", "Auto-Submitted: auto-replied", "", ""),
			[]string{`"in_reply_to":"<1@a>"`, `"references":["<0@a>","<1@a>"]`, `"automatic":true`, `"from":null`},
		},
		"a bounce":     {lines("Return-Path: <>", "Subject: x", "", "y"), []string{`"automatic":true`}},
		"what is cut":  {lines("Content-Type: multipart/mixed; boundary=a", "", "--a", "", "begun"), []string{`"text":"begun"`}},
		"no boundary":  {lines("Content-Type: multipart/mixed", "", "x"), []string{`"files":[{"name":"part-1","media_type":"multipart/mixed"`}},
		"a bad sender": {lines("From: Ada at home", "", "x"), []string{`"from":{"name":"Ada at home","address":""}`}},
		"a bad charset": {lines("Content-Type: text/plain; charset=klingon", "Subject: =?klingon?q?x?=", "", "x"),
			[]string{`"text":"x"`, `"subject":"=?klingon?q?x?="`}},
		"broken base64": {lines("Content-Type: image/png", "Content-Transfer-Encoding: base64", "", "iVBO!!Rw", "0=K"), []string{`"size":`}},
	} {
		got, err := Mail(test.raw)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(got.JSON(), want) {
				t.Errorf("%s: %s\nlacks %s", name, got.JSON(), want)
			}
		}
	}
	if _, err := Mail([]byte("no header at all")); err == nil {
		t.Error("what is no message is read")
	}
	deep := "Content-Type: multipart/mixed; boundary=a\r\n\r\n"
	if got, err := Mail([]byte(strings.Repeat(deep+"--a\r\n", 500) + "\r\nend")); err != nil || got.Depth() > 10 {
		t.Errorf("parts within parts give %v", err)
	}
}

func FuzzMail(f *testing.F) {
	f.Add([]byte("From: a@b\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nx\r\n--a--"))
	f.Add([]byte("Subject: =?utf-8?b?4oKs?=\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := Mail(raw)
		if err == nil && !strings.HasPrefix(got.JSON(), "{") {
			t.Errorf("it is %s", got.JSON())
		}
	})
}
