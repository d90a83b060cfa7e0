package n8n

import (
	"strings"

	"zygo/app/value"
)

func readWebhook(n *node) target {
	methods := n.names("httpMethod")
	if len(methods) == 0 {
		methods = []string{"GET"}
	}
	path := strings.Trim(n.text("path", n.id), "/")
	if small := strings.ToLower(path); small != path {
		n.note("had the path %s; here paths are in small letters", path)
		path = small
	}
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		if name, is := strings.CutPrefix(part, ":"); is {
			part = "{" + name + "}"
		}
		parts = append(parts, part)
	}
	config := append([]value.Member{text("path", strings.Join(parts, "/")), member("method", texts(methods))}, n.callers()...)
	switch n.text("responseMode", "onReceived") {
	case "lastNode":
		gives := map[string]string{"allEntries": "items", "firstEntryBinary": "file", "noData": "none"}[n.text("responseData", "")]
		config = append(config, text("respond", "at_end"), text("gives", or(gives, "first")))
		if name := n.text("responseBinaryPropertyName", "data"); gives == "file" && name != "data" {
			config = append(config, text("file_field", name))
		}
	case "responseNode":
		config = append(config, text("respond", "by_node"))
	default:
		config = append(config, text("respond", "at_once"))
		if n.is("options.noResponseBody", false) {
			config = append(config, text("gives", "none"))
		} else if written := n.text("options.responseData", ""); written != "" {
			config = append(config, text("text", written))
		}
	}
	if headers := n.answerHeaders(false); !headers.IsMissing() && n.text("responseMode", "onReceived") != "responseNode" {
		config = append(config, member("headers", headers))
	}
	status, ok := n.at("responseCode").Whole()
	for _, name := range []string{"responseCode", "customCode"} {
		if given, known := n.at("options.responseCode.values." + name).Whole(); known {
			status, ok = given, true
		}
	}
	if ok && status >= 200 && status < 600 {
		config = append(config, member("status", value.Int(status)))
	}
	if list := n.names("options.ipWhitelist"); len(list) > 0 {
		config = append(config, member("addresses", texts(list)))
	}
	return target{"trigger.webhook", object(config...)}
}

// callers is how the callers of a webhook show who they are.
func (n *node) callers() []value.Member {
	auth := n.text("authentication", "none")
	kind := map[string]string{"basicAuth": "httpBasicAuth", "headerAuth": "httpHeaderAuth"}[auth]
	if kind == "" {
		if auth != "none" {
			n.note("asked its callers for a proof (%s); choose the authentication and its secret", auth)
		}
		return []value.Member{text("auth", "none")}
	}
	n.secretOf(kind)
	name, user := "", ""
	if n.opened != nil {
		name, user = n.opened.Data.Get("name").Raw(), n.opened.Data.Get("user").Raw()
	} else {
		n.note("had %s in its credential; write it into the node", guessed[kind])
	}
	if auth == "basicAuth" {
		return []value.Member{text("auth", "basic"), text("user", user), text("secret", n.secretName)}
	}
	return []value.Member{text("auth", "header"), text("header", name), text("secret", n.secretName)}
}

// answerHeaders are those of an answer, without cookies, which a workflow can't set here.
func (n *node) answerHeaders(asJSON bool) value.Value {
	var rows []value.Value
	for _, one := range lastOfEach(pairs(n.at("options.responseHeaders.entries"))).Elements() {
		switch name := one.Get("name").Text(); {
		case strings.EqualFold(name, "Set-Cookie"):
			n.note("set a cookie with its answer, which a workflow can't do here")
		case asJSON && strings.EqualFold(name, "Content-Type"):
		default:
			rows = append(rows, one)
		}
	}
	if asJSON {
		rows = append(rows, object(text("name", "Content-Type"), text("value", "application/json; charset=utf-8")))
	}
	if rows == nil {
		return value.Value{}
	}
	return value.List(rows...)
}

func readRespond(n *node) target {
	var config []value.Member
	asJSON := false
	switch with := n.text("respondWith", "firstIncomingItem"); with {
	case "firstIncomingItem":
		config = append(config, text("with", "first_item"))
	case "allIncomingItems":
		config = append(config, text("with", "items"))
	case "json":
		written := n.at("responseBody")
		if made, err := value.Parse([]byte(written.Text()), value.Limits{}); err == nil {
			config = append(config, text("with", "json"), member("body", converted(made)))
			break
		}
		asJSON = true // a text with expressions, which must become JSON
		config = append(config, text("with", "text"), member("body", n.value("responseBody")))
	case "text":
		body := n.value("responseBody")
		if body.IsMissing() {
			body = value.String("")
		}
		config = append(config, text("with", with), member("body", body))
	case "redirect":
		config = append(config, text("with", "redirect"), member("location", n.value("redirectURL")))
	case "noData":
		config = append(config, text("with", "none"))
	case "binary":
		config = append(config, text("with", "file"), text("body", n.text("inputFieldName", "data")))
	default:
		return target{}
	}
	if code := n.value("options.responseCode"); !code.IsMissing() {
		config = append(config, member("status", code))
	} else if n.at("respondWith").Raw() == "redirect" {
		config = append(config, member("status", value.Int(307)))
	}
	if key := n.text("options.responseKey", ""); key != "" {
		config = append(config, text("within", key))
	}
	return target{"respond", object(append(config, member("headers", n.answerHeaders(asJSON)))...)}
}
