package node_test

import (
	"strings"
	"testing"

	"zygo/app/flow/sandbox"
)

func TestMarkdown(t *testing.T) {
	t.Parallel()
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	for _, c := range []struct{ config, item, want string }{
		{`{"text":"{{ $json.t }}"}`, `{"t":"a <script>x</script> [b](javascript:x) ~~c~~\n\n| d |\n|---|\n| e |"}`,
			`<p>a <!-- raw HTML omitted -->x<!-- raw HTML omitted --> <a href=\"\">b</a> <del>c</del></p>\n<table>`},
		{`{"op":"to_markdown","text":"{{ $json.t }}"}`,
			`{"t":"<h2>A_b</h2><ul><li>x<li><b>y</b></ul><table><tr><th>d<tr><td>e</table><script>no</script>"}`,
			`## A\\_b\n\n- x\n- **y**\n\n| d |\n|---|\n| e |"`},
		{`{"text":"{{ $json.t }}","html":true,"heading_ids":"github","dialect":"plain","additions":["strikethrough"],"breaks":true,"new_window":true}`,
			`{"t":"# A b!\n# A b!\n<i>c</i>\n~~d~~ [e](http://f)\n\n| g |\n|---|"}`,
			`<h1 id=\"a-b\">A b!</h1>\n<h1 id=\"a-b-1\">A b!</h1>\n<p><i>c</i><br>\n<del>d</del> <a href=\"http://f\" rel=\"noopener noreferrer\" ` +
				`target=\"_blank\">e</a></p>\n<p>| g |<br>\n|---|</p>`},
		{`{"op":"to_markdown","text":"{{ $json.t }}","emphasis":"_","strong":"__","bullet":"+","fence":"tildes","without":"nav, .x"}`,
			`{"t":"<nav>no</nav><i>a</i> <b>b</b><ul><li>c</ul><pre>d</pre><p class=x>no"}`, `"data":"_a_ __b__\n\n+ c\n\n~~~\nd\n~~~"`},
		{`{"text":"{{ $json.t }}"}`, `{"t":"` + strings.Repeat("[", 20000) + `"}`, `"data":`},
		{`{"op":"to_markdown","text":"{{ $json.t }}"}`, `{"t":"` + strings.Repeat("<div>", 3000) + `"}`, `!The text can't be converted`},
	} {
		in := call(t, "["+c.item+"]")
		in.Services.Sandbox = pool
		r, err := compile(t, "markdown", c.config).Run(t.Context(), in)
		if part, isError := strings.CutPrefix(c.want, "!"); isError {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %.300s, %v; want the error %s", c.config, outputs(r), err, part)
			}
		} else if err != nil || !strings.Contains(outputs(r), c.want) {
			t.Errorf("%s:\n got %.500s, %v\nwant %s", c.config, outputs(r), err, c.want)
		}
	}
}
