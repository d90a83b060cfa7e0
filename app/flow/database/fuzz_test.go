package database

import (
	"strings"
	"testing"

	"zygo/app/value"
)

// An array is read to its end or not at all, and what is written for PostgreSQL is read back as it was.
func FuzzArray(f *testing.F) {
	for _, seed := range []string{"{}", `{1,NULL,"a\\"b",{x}}`, "[0:1]={1,2}", "{{{{{{{{", `{"`, `{"\`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, ok := array(25, text)
		if ok && list.Kind() != value.ListKind {
			t.Fatalf("%q is read as %s", text, list.JSON())
		}
		given := value.List(value.String(text), value.Null(), value.List(value.String(text)))
		back, ok := array(25, written(given))
		if !ok || !value.Equal(back, given) {
			t.Fatalf("%s is written %q and read as %s", given.JSON(), written(given), back.JSON())
		}
	})
}

// An address is understood or refused, and no refusal tells a part of it.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{"postgres://u:p@h/d", "mysql://u:p%40@[::1]:3306/d?sslmode=require", "postgres://h?sslmode=x", "a\x00b://",
		"postgres://u:p@h:0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := parseAddress(text)
		if err == nil && (a.host == "" || a.port == "" || a.kind == "") {
			t.Fatalf("%q is understood as %+v", text, a)
		}
		if err != nil && len(text) > 20 && strings.Contains(err.Error(), text) {
			t.Fatalf("%q is repeated: %v", text, err)
		}
	})
}
