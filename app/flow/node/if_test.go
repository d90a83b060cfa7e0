package node_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestConditions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		left, op, right string
		want            string // true, false or a part of the error
		loose           string // with loose types; empty for the same
	}{
		{`"a"`, "equals", `"a"`, "true", ""}, {`"a"`, "equals", `"A"`, "false", ""}, {`1`, "equals", `1.0`, "true", ""},
		{`1`, "equals", `"1"`, "true", ""},
		{`"1.0"`, "equals", `1`, "true", ""}, {`0`, "equals", `""`, "false", ""}, {`true`, "equals", `"true"`, "true", ""},
		{`" False"`, "equals", `false`, "true", ""}, {`false`, "equals", `"no"`, "false", ""}, {`null`, "equals", `""`, "false", "true"},
		{`null`, "equals", `null`, "true", ""}, {`{"a":1,"b":2}`, "equals", `{"b":2,"a":1}`, "true", ""},
		{`[1,2]`, "equals", `[2,1]`, "false", ""},
		{`"a"`, "not_equals", `"b"`, "true", ""}, {`null`, "not_equals", `"b"`, "true", ""},
		{`"abc"`, "contains", `"b"`, "true", ""}, {`"abc"`, "contains", `"B"`, "false", ""}, {`["a",1]`, "contains", `1`, "true", ""},
		{`["a"]`, "contains", `"b"`, "false", ""},
		{`null`, "contains", `""`, "false", ""}, {`null`, "not_contains", `"x"`, "true", ""}, {`123`, "contains", `"2"`, "true", ""},
		{`"abc"`, "starts_with", `"ab"`, "true", ""}, {`"abc"`, "not_starts_with", `"ab"`, "false", ""},
		{`"abc"`, "ends_with", `"bc"`, "true", ""}, {`"abc"`, "not_ends_with", `"x"`, "true", ""},
		{`"a1b"`, "matches", `"[0-9]"`, "true", ""}, {`"ab"`, "matches", `"^b"`, "false", ""}, {`"ab"`, "not_matches", `"^b"`, "true", ""},
		{`"ab"`, "matches", `"("`, "is no pattern", ""},
		{`"x"`, "exists", `null`, "true", ""}, {`null`, "exists", `null`, "false", ""}, {`null`, "not_exists", `null`, "true", ""},
		{`""`, "exists", `null`, "true", ""},
		{`""`, "is_empty", `null`, "true", ""}, {`[]`, "is_empty", `null`, "true", ""}, {`{}`, "is_empty", `null`, "true", ""},
		{`null`, "is_empty", `null`, "true", ""},
		{`0`, "is_empty", `null`, "false", ""}, {`[0]`, "is_not_empty", `null`, "true", ""},
		{`true`, "is_true", `null`, "true", ""}, {`"true"`, "is_true", `null`, "true", ""}, {`"False"`, "is_true", `null`, "false", ""},
		{`"yes"`, "is_true", `null`, `"yes" is not a boolean`, "false"}, {`1`, "is_true", `null`, "1 is not a boolean", "true"},
		{`false`, "is_false", `null`, "true", ""},
		{`null`, "is_false", `null`, "false", "false"}, {`""`, "is_false", `null`, `"" is not a boolean`, "true"},
		{`2`, "greater", `1`, "true", ""}, {`"10"`, "greater", `"9"`, "true", ""}, {`2`, "greater_or_equal", `2`, "true", ""},
		{`2`, "less", `2`, "false", ""}, {`2`, "less_or_equal", `"2"`, "true", ""},
		{`null`, "greater", `1`, "false", ""}, {`"x"`, "greater", `1`, `"x" is not a number`, "false"},
		{`1`, "greater", `"x"`, `"x" is not a number`, "false"}, {`" "`, "less", `1`, "is not a number", "false"},
		{`"2026-01-02"`, "after", `"2026-01-01T23:00:00Z"`, "true", ""},
		{`"2026-01-01T12:00:00+02:00"`, "before", `"2026-01-01T11:00:00Z"`, "true", ""},
		{`"2026-01-01"`, "after_or_equal", `"2026-01-01"`, "true", ""}, {`0`, "before_or_equal", `"1970-01-01"`, "true", ""},
		{`"soon"`, "after", `0`, `"soon" is not a time`, "false"}, {`null`, "before", `0`, "false", ""},
		{`7615917337495251231`, "equals", `7615917337495251232`, "false", ""},
		{`"7615917337495251232"`, "equals", `7615917337495251231`, "false", ""},
		{`7615917337495251232`, "greater", `"7615917337495251231"`, "true", ""},
		{`12345678901234567890.5`, "less", `12345678901234567890.25`, "false", ""}, {`"+1.50"`, "equals", `1.5`, "true", ""},
		{`[7615917337495251231]`, "contains", `7615917337495251232`, "false", ""}, {`[true]`, "contains", `"true"`, "true", ""},
		{`"0x1F"`, "equals", `31`, "true", ""}, {`""`, "equals", `0`, "false", ""},
		{`["a",1]`, "equals", `"[\"a\", 1]"`, "true", ""}, {`"{\"b\":1,\"a\":2}"`, "equals", `{"a":2,"b":1}`, "true", ""},
		{`{}`, "equals", `"[]"`, "false", ""}, {`true`, "equals", `1`, "false", ""},
		{`"abc"`, "contains", `null`, "right side is missing", "true"},
		{`"abc"`, "not_starts_with", `null`, "right side is missing", "false"}, {`"abc"`, "matches", `null`, "there is no pattern", ""},
		{`"xAPIx"`, "matches", `"/api/i"`, "true", ""}, {`"a\nb"`, "matches", `"/^b$/gm"`, "true", ""},
		{`"/api/v1/x"`, "matches", `"/api/v1/"`, "true", ""}, {`"v1"`, "matches", `"/api/v1/"`, "false", ""},
		{`"a/b"`, "matches", `"/[/]b$/"`, "true", ""}, {`"a/b"`, "matches", `"/^a\\/b/"`, "true", ""},
		{`"Ab"`, "not_matches", `"/ab/"`, "true", ""},
		{`"Mon, 15 Jan 2024 04:00:00 EST"`, "after_or_equal", `"2024-01-15T10:00:00+0100"`, "true", ""},
		{`"Mon, 15 Jan 2024 04:00:00 XYZ"`, "after", `0`, "is not a time", "false"},
		{`1705309200`, "before_or_equal", `1705309200000`, "true", ""},
		{`"äb"`, "length_equals", `2`, "true", ""}, {`[1,2]`, "length_greater", `1`, "true", ""}, {`null`, "length_less", `1`, "true", ""},
		{`[1]`, "length_not_equals", `1`, "false", ""},
		{`{"a":1}`, "length_greater_or_equal", `1`, "true", ""}, {`[]`, "length_less_or_equal", `"0"`, "true", ""},
		{`5`, "length_equals", `1`, "is not a text or list", "false"},
	} {
		for _, loose := range []bool{false, true} {
			want := c.want
			if loose && c.loose != "" {
				want = c.loose
			}
			config := fmt.Sprintf(`{"loose_types":%v,"conditions":[{"left":"{{ $json.left }}","op":%q,"right":"{{ $json.right }}"}]}`,
				loose, c.op)
			item := fmt.Sprintf(`{"left":%s,"right":%s}`, c.left, c.right)
			switch want {
			case "true":
				expect(t, "if", config, "["+item+"]", "true:["+item+"] false:[]")
			case "false":
				expect(t, "if", config, "["+item+"]", "true:[] false:["+item+"]")
			default:
				expect(t, "if", config, "["+item+"]", "!"+want)
			}
		}
	}
}

func TestIfRoutesEachItem(t *testing.T) {
	t.Parallel()
	const list = `[{"n":1,"s":"A"},{"n":2,"s":"b"},{"n":3,"s":"a"}]`
	expect(t, "if", `{"conditions":[{"left":"{{ $json.n }}","op":"greater","right":1}]}`, list,
		`true:[{"n":2,"s":"b"}@1,{"n":3,"s":"a"}@2] false:[{"n":1,"s":"A"}]`)
	both := `{"combine":%q,"case_sensitive":false,"conditions":[{"left":"{{ $json.n }}","op":"greater","right":"1"},{"left":"{{ $json.s }}","op":"equals","right":"a"}]}`
	expect(t, "if", fmt.Sprintf(both, "and"), list, `true:[{"n":3,"s":"a"}@2] false:[{"n":1,"s":"A"},{"n":2,"s":"b"}]`)
	expect(t, "if", fmt.Sprintf(both, "or"), list, `true:[{"n":1,"s":"A"},{"n":2,"s":"b"},{"n":3,"s":"a"}] false:[]`)
	expect(t, "if", `{"case_sensitive":false,"conditions":[{"left":"{{ $json.s }}","op":"matches","right":"^A"}]}`, list,
		`true:[{"n":1,"s":"A"},{"n":3,"s":"a"}@2] false:[{"n":2,"s":"b"}@1]`)
	expect(t, "if", `{"conditions":[{"left":"x","op":"matches","right":"{{ '`+strings.Repeat("x", 1001)+`' }}"}]}`, `[{}]`, "!1000 bytes")
}
