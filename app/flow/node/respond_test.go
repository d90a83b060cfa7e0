package node_test

import (
	"fmt"
	"strings"
	"testing"

	"zygo/app/flow/node"
)

func TestRespond(t *testing.T) {
	t.Parallel()
	const two = `[{"n":1,"f":{"name":"ü.txt","media_type":"text/plain","base64":"aGk="}},{"n":2}]`
	for config, want := range map[string]string{
		`{}`: `200 map[Content-Type:application/json] ` + two,
		`{"with":"json","status":201,"body":{"id":"{{ $json.n }}"}}`: `201 map[Content-Type:application/json] {"id":1}`,
		`{"with":"json","body":"{\"n\": {{ $json.n }}}"}`:            `200 map[Content-Type:application/json] {"n":1}`,
		`{"with":"text","body":"n={{ $json.n }}"}`:                   `200 map[Content-Type:text/plain; charset=utf-8] n=1`,
		`{"with":"first_item","status":201}`:                         `201 map[Content-Type:application/json] {"n":1,"f":{"name":"ü.txt","media_type":"text/plain","base64":"aGk="}}`,
		`{"with":"first_item","within":"data.row"}`:                  `200 map[Content-Type:application/json] {"data":{"row":{"n":1,"f":{"name":"ü.txt","media_type":"text/plain","base64":"aGk="}}}}`,
		`{"with":"none"}`: `200 map[Content-Type:text/plain; charset=utf-8] `,
		`{"with":"html","body":"<b>{{ $json.n }}</b>"}`: `200 map[Content-Type:text/html; charset=utf-8] <b>1</b>`,
		`{"with":"file","body":"f"}`:                    `200 map[Content-Disposition:inline; filename*=utf-8''%C3%BC.txt Content-Type:text/plain] hi`,
		`{"with":"file","body":"{{ $json.f }}","headers":[{"name":"Content-Disposition","value":"attachment"}]}`:          `200 map[Content-Disposition:attachment Content-Type:text/plain] hi`,
		`{"with":"redirect","location":"https://example.com/ü?n={{ $json.n }}"}`:                                          `302 map[Content-Type:text/plain; charset=utf-8 Location:https://example.com/%C3%BC?n=1] `,
		`{"with":"redirect","location":"/thanks","status":303}`:                                                           `303 map[Content-Type:text/plain; charset=utf-8 Location:/thanks] `,
		`{"with":"text","status":302,"headers":[{"name":"location","value":"{{ \"https://example.com/\" + $json.n }}"}]}`: `302 map[Content-Type:text/plain; charset=utf-8 Location:https://example.com/1] `,
		`{"with":"text"}`: `200 map[Content-Type:text/plain; charset=utf-8] `,
		`{"headers":[{"name":"x-total","value":"{{ $json.n }}"},{"name":"cache-control","value":"no-store"}]}`: `200 map[Cache-Control:no-store Content-Type:application/json X-Total:1] ` + two,
	} {
		r, err := compile(t, "respond", config).Run(t.Context(), call(t, two))
		if err != nil {
			t.Errorf("%s: %v", config, err)
			continue
		}
		got := fmt.Sprintf("%d %v %s", r.Response.Status, r.Response.Headers, r.Response.Body)
		if got != want || outputs(r) != "main:"+two {
			t.Errorf("%s: %s; want %s", config, got, want)
		}
	}
	for _, name := range []string{"Set-Cookie", "Location", "Content-Security-Policy", "Access-Control-Allow-Origin",
		"Strict-Transport-Security", "Refresh", "Link",
		"X-Frame-Options", "X-Accel-Redirect", "x-sendfile", "X-Content-Type-Options", "Content-Length", "Transfer-Encoding",
		"Clear-Site-Data", "", "X-A\r\nSet-Cookie"} {
		found, _ := node.Find("respond", 1)
		n, faults := found.Compile([]byte(fmt.Sprintf(`{"headers":[{"name":%q,"value":"x"}]}`, name)))
		if len(faults) > 0 {
			continue
		}
		if r, err := n.Run(t.Context(), call(t, `[{}]`)); err == nil {
			t.Errorf("the header %q is set: %v", name, r.Response.Headers)
		}
	}
	expect(t, "respond", `{"headers":[{"name":"X-A","value":"{{ $json.v }}"}]}`, `[{"v":"a\r\nSet-Cookie: b"}]`, "!line break")
}

func TestRespondRefuses(t *testing.T) {
	t.Parallel()
	for config, part := range map[string]string{
		`{"with":"redirect"}`: "location",
		`{"with":"redirect","location":"javascript:alert(1)"}`:                                               "http://",
		`{"with":"redirect","location":"//evil.example"}`:                                                    "http://",
		`{"with":"redirect","location":"/\\evil.example"}`:                                                   "http://",
		`{"with":"redirect","location":"https://a@evil.example"}`:                                            "name or password",
		`{"with":"redirect","location":"https://example.com","status":404}`:                                  "status",
		`{"with":"redirect","location":"{{ $json.to }}"}`:                                                    "line break",
		`{"with":"text","status":302,"headers":[{"name":"Location","value":"data:text/html,x"}]}`:            "http://",
		`{"with":"text","status":"{{ 200 }}","headers":[{"name":"Location","value":"https://example.com"}]}`: "header",
		`{"with":"file","body":"missing"}`:                                                                   "missing",
		`{"with":"file","body":"to"}`:                                                                        "no file",
		`{"with":"file"}`:                                                                                    "0 files",
		`{"with":"file","body":["f","f"]}`:                                                                   "2 files",
		`{"with":"file","body":{"base64":"?"}}`:                                                              "is no file",
		`{"with":"file","body":"{{ $json.n }}"}`:                                                             "is no file",
		`{"with":"file","body":"a["}`:                                                                        "path",
	} {
		found, _ := node.Find("respond", 1)
		n, faults := found.Compile([]byte(config))
		text := fmt.Sprint(faults)
		if len(faults) == 0 {
			_, err := n.Run(t.Context(), call(t, `[{"n":1,"to":"/a\r\nSet-Cookie: b","f":{"base64":"aGk="}}]`))
			text = fmt.Sprint(err)
		}
		if !strings.Contains(text, part) {
			t.Errorf("%s: %s, want %s", config, text, part)
		}
	}
}
