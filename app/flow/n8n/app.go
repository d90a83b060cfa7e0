package n8n

import (
	"regexp"
	"slices"
	"strings"

	"zygo/app/value"
)

// app is a node type of n8n for an outside service, which is a connector here.
type app struct {
	// service is the name of the connector, title what people call it, and secret the field of its credential.
	service, title, secret string
	// resource is what n8n means where it is left out, and usual the operation by resource.
	resource string
	usual    map[string]string
	// operations says by resource/operation what becomes of it: the operation here, then the fields as here=there. Behind a | stands
	// how a parameter is read, and @ names one of readers.
	operations map[string]string
	// ignored are parameters without a meaning here.
	ignored string
	// asks are fields of the connection that stood in n8n's credential.
	asks []string
}

// paramReader makes a value of parameters that are written in another way here.
type paramReader struct {
	read func(n *node) value.Value
	// covers are the parameters that it reads.
	covers string
}

// readApp makes a connector of a node, the zero target where it does what the connector does not.
func readApp(n *node) target {
	a := findApp(n.kind)
	if a == nil {
		return target{}
	}
	resource := n.text("resource", a.resource)
	operation := n.text("operation", a.usual[resource])
	spec, ok := a.operations[resource+"/"+operation]
	if operation == "sendAndWait" {
		n.reason = "asks a person and waits for the answer; use the node Approval"
		return target{}
	}
	if !ok {
		n.reason = "does something with " + a.title + " (" + strings.Trim(resource+" "+operation, " ") + ") that its connector does not. " +
			"It stands for itself and lets items pass; use the node HTTP request in its place"
		return target{}
	}
	words := strings.Fields(spec)
	if special, ok := operationReaders[strings.TrimPrefix(words[0], "@")]; ok && strings.HasPrefix(words[0], "@") {
		config := special(n)
		if config == nil {
			n.reason = "changes something of " + a.title + " in a way that its connector does not. It stands for itself and lets items pass; " +
				"use the node HTTP request in its place"
			return target{}
		}
		return target{"connector." + a.service, object(append(config, n.credential(a))...)}
	}
	config, covered := n.connection(a, words, []string{"resource", "operation", "returnAll", "limit"})
	if strings.Contains(spec, "limit=") || !n.at("returnAll").IsMissing() || !n.at("limit").IsMissing() {
		config = append(config, n.pages()...)
	}
	config = append(config, n.credential(a))
	n.tellOf(a, covered)
	return target{"connector." + a.service, object(config...)}
}

// connection is the configuration of an operation with its fields, and the parameters that it covers besides those that are known.
func (n *node) connection(a *app, words, known []string) (config []value.Member, covered []string) {
	config = []value.Member{text("operation", words[0])}
	covered = append(append(strings.Fields(a.ignored), "authentication"), known...)
	for _, word := range words[1:] {
		m, covers := n.mapped(word)
		config, covered = append(config, m), append(covered, covers...)
	}
	return config, covered
}

// tellOf notes what a connector asks for, and what it leaves out.
func (n *node) tellOf(a *app, covered []string) {
	for _, name := range a.asks {
		n.note("had the %s in its credential; write it into the field", name)
	}
	if left := n.leftOut(covered); len(left) > 0 {
		n.note("sets %s, which the connector does not have", strings.Join(left, ", "))
	}
}

// credential is the field of a connector's credential.
func (n *node) credential(a *app) value.Member {
	holds := (*Credential).key
	if a.secret == "credential" {
		holds = (*Credential).oauth
	}
	given := text(a.secret, n.secretHolding(a.service, "", holds))
	if a.secret == "credential" {
		n.secretHint = ", which holds JSON with client_id, client_secret, refresh_token and token_url"
	}
	return given
}

// findApp finds a service by its node type, nil for none.
func findApp(kind string) *app {
	for _, list := range []map[string]*app{apps(), officeApps(), dataApps()} {
		if a, ok := list[kind]; ok {
			return a
		}
	}
	return nil
}

func findReader(name string) paramReader {
	for _, list := range []map[string]paramReader{paramReaders(), officeReaders(), dataReaders()} {
		if r, ok := list[name]; ok {
			return r
		}
	}
	return paramReader{read: func(*node) value.Value { return value.Value{} }}
}

// pages says how many entries are read.
func (n *node) pages() []value.Member {
	if all := n.at("returnAll"); all.Truthy() {
		return []value.Member{member("all", value.Bool(true))}
	}
	return []value.Member{member("limit", n.value("limit"))}
}

// mapped reads one field of a spec, and tells which parameters it is made of.
func (n *node) mapped(word string) (value.Member, []string) {
	here, there, _ := strings.Cut(word, "=")
	there, as, _ := strings.Cut(there, "|")
	switch {
	case strings.HasPrefix(there, "@"):
		r := findReader(there[1:])
		return value.Member{Key: here, Value: r.read(n)}, strings.Fields(r.covers)
	case strings.HasPrefix(there, "'"):
		return text(here, strings.Trim(there, "'")), nil
	}
	var v value.Value
	switch as {
	case "locator":
		v = n.locator(there)
	case "list":
		v = n.list(there)
	case "binary":
		v = value.String(n.text(there, "data"))
	case "not":
		if given := n.at(there); !given.IsMissing() {
			v = value.Bool(!given.Truthy())
		}
	case "object":
		v = n.object(there)
	default:
		v = n.value(there)
	}
	if v.Kind() == value.StringKind && v.Raw() == "" || v.Kind() == value.NullKind {
		v = value.Value{}
	}
	return value.Member{Key: here, Value: v}, []string{there}
}

// locator is a parameter that n8n lets people choose from a list, or give by id or address.
func (n *node) locator(path string) value.Value {
	given := n.at(path)
	if given.Kind() != value.ObjectKind {
		return converted(given)
	}
	raw := given.Get("value")
	if given.Get("mode").Raw() != "url" || raw.Kind() != value.StringKind {
		return converted(raw)
	}
	if strings.HasPrefix(raw.Raw(), "=") {
		return value.String("{{ String(" + script(raw.Raw()) + ").match(/[-\\w]{19,}/)?.[0] }}")
	}
	return value.String(idInAddress.FindString(raw.Raw()))
}

// idInAddress is the id of a document, folder or base in the address that a browser shows.
var idInAddress = regexp.MustCompile(`[-\w]{19,}|(?:app|tbl|rec)\w{14}`)

// list is a parameter with several values: a list, or a text with commas between them.
func (n *node) list(path string) value.Value {
	v := n.value(path)
	if v.Kind() == value.StringKind && strings.Contains(v.Raw(), "{{") {
		return v
	}
	return texts(n.names(path))
}

// object is a parameter with JSON, as an object or as a text.
func (n *node) object(path string) value.Value {
	v := n.value(path)
	if v.Kind() == value.StringKind && strings.TrimSpace(v.Raw()) == "" {
		return value.Value{}
	}
	return v
}

// secretOf is the expression for the credential of the node, whose secret has the credential's name and holds its key.
func (n *node) secretOf(service string) string {
	return n.secretHolding(service, "", (*Credential).key)
}

// secretHolding is secretOf for a secret of another part of the credential, or of another form, which has the ending behind its name.
func (n *node) secretHolding(service, ending string, holds func(*Credential) string) string {
	name, id := service, ""
	isOwn := false
	for kind, credential := range n.source.Get("credentials").Members() {
		if given := credential.Get("name").Raw(); given != "" && !isOwn {
			name, id, isOwn = given, credential.Get("id").Text(), kind == service
		}
	}
	n.secretName = secretName(name)
	if c, ok := n.known.Credentials[id]; ok && holds(&c) != "" {
		n.secrets = append(n.secrets, Secret{n.secretName + ending, holds(&c)})
		n.opened = &c
	}
	return "{{ $secrets." + n.secretName + ending + " }}"
}

var notInSecret = regexp.MustCompile(`[^A-Z0-9]+`)

// secretName is a credential's name as that of a secret.
func secretName(name string) string {
	name = strings.Trim(notInSecret.ReplaceAllString(strings.ToUpper(name), "_"), "_")
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = strings.TrimSuffix("N8N_"+name, "_")
	}
	return name[:min(len(name), 60)]
}

// leftOut are the parameters that somebody set and that nothing reads.
func (n *node) leftOut(covered []string) []string {
	var left []string
	for key, v := range n.parameters.Members() {
		if slices.Contains(covered, key) || isUnset(v) {
			continue
		}
		isPart := func(name string) bool {
			return slices.ContainsFunc(covered, func(c string) bool { return c == name || strings.HasPrefix(c, name+".") })
		}
		if v.Kind() != value.ObjectKind {
			if !isPart(key) {
				left = append(left, key+shownValue(v))
			}
			continue
		}
		for inner, given := range v.Members() {
			if name := key + "." + inner; !isPart(name) && !isUnset(given) && (isPart(key) || !strings.HasPrefix(inner, "__")) {
				left = append(left, name+shownValue(given))
			}
		}
	}
	return left
}

// shownValue is what a parameter was set to, as a note shows it.
func shownValue(v value.Value) string { return " (" + shortened(v.JSON(), 200) + ")" }

// isUnset tells whether a parameter is as if nobody had touched it.
func isUnset(v value.Value) bool {
	switch v.Kind() {
	case value.UndefinedKind, value.NullKind:
		return true
	case value.BoolKind:
		return !v.Truthy()
	case value.StringKind:
		return v.Raw() == "" || v.Raw() == "="
	case value.ListKind:
		return v.Len() == 0
	}
	for _, inner := range v.Members() {
		if !isUnset(inner) {
			return false
		}
	}
	return v.Kind() == value.ObjectKind
}

// rows makes an object of n8n's rows with names and values.
func (n *node) rows(path, key, of string) value.Value {
	var members []value.Member
	for _, row := range n.at(path).Elements() {
		if name := converted(row.Get(key)).Text(); !row.Get(key).IsMissing() {
			members = append(members, value.Member{Key: name, Value: converted(row.Get(of))})
		}
	}
	return value.Object(members...)
}
