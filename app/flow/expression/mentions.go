package expression

import (
	"regexp"
	"slices"
)

// Mentions is what a piece of JavaScript refers to by its text. It is found without understanding the code, so it may
// hold too much (a name in a comment) but never gives a script what it doesn't name: a name made at run time is absent.
type Mentions struct {
	Names   []string // such as $json, DateTime or items
	Nodes   []string // of $('Name') and $node["Name"]
	Secrets []string // of $secrets.NAME

	unnamedSecret bool
}

var (
	quoted      = `('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|` + "`(?:[^`\\\\$]|\\\\.)*`" + `)`
	nameFound   = regexp.MustCompile(`\$[A-Za-z]*|\b(?:DateTime|Duration|Interval|items|item)\b`)
	nodeFound   = regexp.MustCompile(`\$(?:items)?\(\s*` + quoted + `\s*[,)]|\$node\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*` + quoted + `\s*\])`)
	secretFound = regexp.MustCompile(`\$secrets(?:\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*` + quoted + `\s*\]))?`)
)

// Find lists what the source mentions, each once, in the order of appearance.
func Find(source string) Mentions {
	var m Mentions
	for _, name := range nameFound.FindAllString(source, -1) {
		m.Names = add(m.Names, name)
	}
	for _, match := range nodeFound.FindAllStringSubmatch(source, -1) {
		m.Nodes = add(m.Nodes, match[2]+unquote(match[1])+unquote(match[3]))
	}
	for _, match := range secretFound.FindAllStringSubmatch(source, -1) {
		name := match[1] + unquote(match[2])
		if name == "" {
			m.unnamedSecret = true
			continue
		}
		m.Secrets = add(m.Secrets, name)
	}
	return m
}

// Has tells whether a name is mentioned.
func (m Mentions) Has(name string) bool { return slices.Contains(m.Names, name) }

func (m Mentions) and(other Mentions) Mentions {
	for _, name := range other.Names {
		m.Names = add(m.Names, name)
	}
	for _, node := range other.Nodes {
		m.Nodes = add(m.Nodes, node)
	}
	for _, secret := range other.Secrets {
		m.Secrets = add(m.Secrets, secret)
	}
	return m
}

func add(to []string, s string) []string {
	if slices.Contains(to, s) {
		return to
	}
	return append(to, s)
}

// unquote reads a string literal with its quotes; "" for none.
func unquote(literal string) string {
	if literal == "" {
		return ""
	}
	s, _ := unescape(literal[1 : len(literal)-1])
	return s
}
