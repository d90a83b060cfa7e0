package field

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// What DecodeInput takes is JSON to everybody else as well, and says no name twice.
func FuzzDecodeInput(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":1}`, `{"a":{"b":[1,2.5e3,"x\u00e9",null,true]}}`, `{"a":1,"a":2}`, `{"a":{"b":1,"b":2}}`,
		`[1]`, `{"a":1}{"b":2}`, `{"a":"\ud800"}`, "{\"a\":\"\xff\"}",
		`{"a":01}`, `{"a":+1}`, `{"a":.5}`, `{"a":NaN}`, "{\"a\":\"\x00\"}", `{"a":1,}`, "\ufeff{}", `{"\u0061":1,"a":2}`,
		strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200), `{"a":1e999999999}`, `null`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		input, err := DecodeInput(body)
		if err != nil {
			return
		}
		if !json.Valid(body) || !utf8.Valid(body) {
			t.Fatalf("%q was taken", body)
		}
		var names map[string]json.RawMessage
		if err := json.Unmarshal(body, &names); err != nil || len(names) != len(input) {
			t.Fatalf("%q has %d names, others read %d: %v", body, len(input), len(names), err)
		}
		decoder := json.NewDecoder(strings.NewReader(string(body)))
		count := 0
		if _, err := decoder.Token(); err != nil {
			t.Fatal(err)
		}
		for decoder.More() {
			if _, err := decoder.Token(); err != nil {
				t.Fatal(err)
			}
			var skipped json.RawMessage
			if err := decoder.Decode(&skipped); err != nil {
				t.Fatal(err)
			}
			count++
		}
		if count != len(input) {
			t.Fatalf("%q says a name twice and was taken", body)
		}
	})
}
