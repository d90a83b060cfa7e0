package ui

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// allowed is what formatted text may have. Markdown is formatted without HTML of its author in it; this is the wall behind that:
// whatever else a formatter writes is dropped, above all what htmx or a script would read, and images from elsewhere,
// which would tell their host who reads.
type allowed struct {
	elements []atom.Atom
	// attributes are, by element, the attributes and which values they may have.
	attributes map[atom.Atom]map[string]func(value string) bool
	// away says that links tell search engines and other sites nothing.
	away bool
}

var formatting = []atom.Atom{
	atom.A, atom.P, atom.Br, atom.Strong, atom.Em, atom.Code, atom.Pre, atom.Blockquote, atom.Ul, atom.Ol, atom.Li,
	atom.Table, atom.Thead, atom.Tbody, atom.Tr, atom.Th, atom.Td,
}

// markdownAllowed is what people's own text may have.
var markdownAllowed = sync.OnceValue(func() allowed {
	align := map[string]func(string) bool{"align": oneOf("left", "center", "right")}
	return allowed{
		elements: slices.Concat(formatting, []atom.Atom{atom.Hr, atom.Del, atom.H3, atom.H4, atom.H5, atom.Input}),
		attributes: map[atom.Atom]map[string]func(string) bool{
			atom.A: {"href": isSafeAddress}, atom.Th: align, atom.Td: align,
			atom.Input: {"type": oneOf("checkbox"), "checked": oneOf(""), "disabled": oneOf(""), "aria-label": oneOf("Done", "To do")},
		},
		away: true,
	}
})

// guideAllowed is what a page of the guide may have: the headings of a whole page, which can be led to.
var guideAllowed = sync.OnceValue(func() allowed {
	id := map[string]func(string) bool{"id": regexp.MustCompile(`^[a-z0-9-]+$`).MatchString}
	return allowed{
		elements:   slices.Concat(formatting, []atom.Atom{atom.H2, atom.H3}),
		attributes: map[atom.Atom]map[string]func(string) bool{atom.A: {"href": isSafeAddress}, atom.H2: id, atom.H3: id},
	}
})

func oneOf(values ...string) func(string) bool {
	return func(value string) bool { return slices.Contains(values, value) }
}

// filter gives formatted text with nothing in it but what is allowed. The text of what is dropped stays, as text.
func (a allowed) filter(formatted string) string {
	var out strings.Builder
	for tokens := html.NewTokenizer(strings.NewReader(formatted)); ; {
		switch tokens.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken, html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			if token := tokens.Token(); token.Type == html.TextToken || a.admit(&token) {
				out.WriteString(token.String())
			}
		}
	}
}

// admit takes the attributes that are not allowed off a tag, and tells whether the tag stays.
func (a allowed) admit(token *html.Token) bool {
	if !slices.Contains(a.elements, token.DataAtom) {
		return false
	}
	token.Attr = slices.DeleteFunc(token.Attr, func(attribute html.Attribute) bool {
		fits := a.attributes[token.DataAtom][attribute.Key]
		return attribute.Namespace != "" || fits == nil || !fits(attribute.Val)
	})
	if token.DataAtom == atom.A && len(token.Attr) > 0 && a.away {
		token.Attr = append(token.Attr, html.Attribute{Key: "rel", Val: "nofollow noreferrer"})
	}
	// A field that is no box would take what people type.
	isBox := slices.ContainsFunc(token.Attr, func(attribute html.Attribute) bool { return attribute.Key == "type" })
	return token.DataAtom != atom.Input || isBox
}
