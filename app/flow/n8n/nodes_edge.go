package n8n

import (
	"fmt"
	"strings"

	"zygo/app/value"
)

func readManual(*node) target { return target{"trigger.manual", object()} }

func readFailed(*node) target { return target{"trigger.error", object()} }

func readCalled(n *node) target {
	types := map[string]string{"string": "text", "number": "number", "boolean": "boolean", "array": "list", "object": "object"}
	var fields []value.Value
	for _, one := range n.at("workflowInputs.values").Elements() {
		kind := value.Value{}
		if known := types[one.Get("type").Raw()]; known != "" {
			kind = value.String(known)
		}
		fields = append(fields, object(member("name", one.Get("name")), member("type", kind)))
	}
	if fields == nil {
		return target{"trigger.workflow", object()}
	}
	return target{"trigger.workflow", object(member("fields", value.List(fields...)))}
}

func readSchedule(n *node) target {
	rules := n.at("rule.interval")
	if rules.Len() == 0 {
		rules = n.at("triggerTimes.item")
	}
	if rules.Len() == 0 {
		rules = n.at("pollTimes.item")
	}
	if rules.Len() > 1 {
		n.note("had %d times; the first is here", rules.Len())
	}
	rule := rules.At(0)
	number := func(name string, usual int64) int64 {
		if given, ok := rule.Get(name).Whole(); ok {
			return given
		}
		return usual
	}
	every := func(count int64, unit string) target {
		return target{"trigger.schedule", object(text("mode", "every"), member("every", value.Int(max(count, 1))), text("unit", unit))}
	}
	cron := func(format string, args ...any) target {
		return target{"trigger.schedule", object(text("mode", "cron"), text("cron", fmt.Sprintf(format, args...)))}
	}
	hour, minute := number("triggerAtHour", number("hour", 0)), number("triggerAtMinute", number("minute", 0))
	kind := or(rule.Get("field").Raw(), rule.Get("mode").Raw())
	switch kind {
	case "seconds":
		return every(number("secondsInterval", 30), "seconds")
	case "minutes", "everyMinute":
		return every(number("minutesInterval", map[bool]int64{true: 1, false: 5}[kind == "everyMinute"]), "minutes")
	case "everyX":
		return every(number("value", 2), or(rule.Get("unit").Raw(), "hours"))
	case "hours", "everyHour":
		return cron("%d */%d * * *", minute, max(number("hoursInterval", 1), 1))
	case "weeks", "everyWeek":
		day := rule.Get("weekday").Text()
		if days := rule.Get("triggerAtDay"); days.Len() > 0 {
			var all []string
			for _, d := range days.Elements() {
				all = append(all, d.Text())
			}
			day = strings.Join(all, ",")
		}
		if rule.Get("weekday").IsMissing() && rule.Get("triggerAtDay").Len() == 0 {
			day = "0"
		}
		return cron("%d %d * * %s", minute, hour, day)
	case "months", "everyMonth":
		return cron("%d %d %d */%d *", minute, hour, number("triggerAtDayOfMonth", number("dayOfMonth", 1)), max(number("monthsInterval", 1), 1))
	case "cronExpression", "custom":
		written := strings.TrimPrefix(or(rule.Get("expression").Raw(), rule.Get("cronExpression").Raw()), "=")
		if fields := strings.Fields(written); len(fields) == 6 {
			n.note("named seconds in its calendar (%s); here it begins with the minutes", written)
			written = strings.Join(fields[1:], " ")
		}
		return cron("%s", written)
	}
	return cron("%d %d */%d * *", minute, hour, max(number("daysInterval", 1), 1))
}

func readInterval(n *node) target {
	count, _ := n.at("interval").Whole()
	return target{"trigger.schedule", object(text("mode", "every"), member("every", value.Int(max(count, 1))),
		text("unit", n.text("unit", "seconds")))}
}

// pairs are names and values.
func pairs(list value.Value) value.Value {
	var rows []value.Value
	for _, one := range list.Elements() {
		name := converted(one.Get("name")).Text()
		if strings.EqualFold(name, "X-Content-Type-Options") {
			continue // which Zygo sends with every answer
		}
		rows = append(rows, object(text("name", name), text("value", converted(one.Get("value")).Text())))
	}
	if len(rows) == 0 {
		return value.Value{}
	}
	return value.List(rows...)
}

// atOnceAsInN8n is how many items are asked for at the same time, where n8n asks for all of them.
const atOnceAsInN8n = 10

func readHTTP(n *node) target {
	config := []value.Member{text("method", n.text("method", n.text("requestMethod", "GET"))), text("url", n.text("url", ""))}
	config = append(config, n.authentication()...)
	query, headers := lastOfEach(pairs(n.at("queryParameters.parameters"))), pairs(n.at("headerParameters.parameters"))
	if n.version < 3 {
		query, headers = lastOfEach(pairs(n.at("queryParametersUi.parameter"))), pairs(n.at("headerParametersUi.parameter"))
	} else {
		if !n.is("sendQuery", false) {
			query = value.Value{}
		} else if n.at("specifyQuery").Raw() == "json" {
			query = n.written("jsonQuery", "query")
		}
		if !n.is("sendHeaders", false) {
			headers = value.Value{}
		} else if n.at("specifyHeaders").Raw() == "json" {
			headers = n.written("jsonHeaders", "headers")
		}
	}
	if query.Len() > 0 {
		config = append(config, text("query_lists", or(n.text("options.queryParameterArrays", ""), "indices")))
	}
	config = append(config, member("query", query), member("headers", headers))
	config = append(config, n.body()...)
	options := "options.response.response."
	switch {
	case n.is(options+"fullResponse", false):
		config = append(config, text("response", "full"))
	default:
		format := n.text(options+"responseFormat", n.text("responseFormat", map[bool]string{true: "json"}[n.version < 3]))
		if format == "json" || format == "text" || format == "file" {
			config = append(config, text("response", format))
		}
	}
	if field := n.text(options+"outputPropertyName", "data"); field != "data" {
		config = append(config, text("field", field))
	}
	if !n.is("options.redirect.redirect.followRedirects", true) {
		config = append(config, member("redirects", value.Int(0)))
	} else if most, ok := n.at("options.redirect.redirect.maxRedirects").Whole(); ok {
		config = append(config, member("redirects", value.Int(min(max(most, 0), 5))))
	}
	config = append(config, member("never_error", flag(n.is(options+"neverError", false))))
	if timeout, ok := n.at("options.timeout").Double(); ok && n.at("options.timeout").Kind() == value.NumberKind {
		config = append(config, member("timeout", value.Float(min(max(timeout/1000, 0.001), 600))))
	}
	atOnce := int64(atOnceAsInN8n)
	if size, ok := n.at("options.batching.batch.batchSize").Whole(); ok && size > 0 {
		atOnce = min(atOnce, size)
		config = append(config, member("batch", value.Int(size)), member("pause", n.value("options.batching.batch.batchInterval")))
	}
	if atOnce > 1 {
		config = append(config, member("at_once", value.Int(atOnce)))
	}
	config = append(config, n.paging()...)
	if proxy := n.value("options.proxy"); !proxy.IsMissing() {
		config = append(config, member("proxy", proxy))
	}
	if n.is("options.allowUnauthorizedCerts", false) {
		config = append(config, member("tls_verify", value.Bool(false)))
	}
	return target{"http", object(config...)}
}

// body is what a request sends.
func (n *node) body() []value.Member {
	if n.version >= 3 && !n.is("sendBody", false) {
		return nil
	}
	fields := n.at("bodyParameters.parameters")
	if n.version < 3 {
		fields = n.at("bodyParametersUi.parameter")
	}
	switch kind := n.text("contentType", n.text("bodyContentType", "json")); kind {
	case "json":
		if n.at("specifyBody").Raw() == "json" || n.is("jsonParameters", false) {
			return n.jsonBody()
		}
		if n.version < 3 && fields.Len() == 0 {
			return nil
		}
		made := value.Object()
		for _, f := range fields.Elements() {
			name := f.Get("name").Text()
			path, err := value.ParsePath(name)
			if err != nil {
				path = value.Path{value.Key(name)}
			}
			if with, err := made.Set(path, converted(f.Get("value"))); err == nil {
				made = with
			}
		}
		return []value.Member{text("body_type", "json"), member("body", made)}
	case "form-urlencoded":
		if n.at("specifyBody").Raw() == "string" {
			return []value.Member{text("body_type", "raw"), text("body", n.text("body", "")),
				text("content_type", "application/x-www-form-urlencoded")}
		}
		return []value.Member{text("body_type", "form"), member("form", pairs(fields))}
	case "multipart-form-data":
		var parts []value.Value
		for _, f := range fields.Elements() {
			content := converted(f.Get("value"))
			if f.Get("parameterType").Raw() == "formBinaryData" {
				content = value.String("{{ " + pathExpression(f.Get("inputDataFieldName").Text()) + " }}")
			}
			parts = append(parts, object(member("name", converted(f.Get("name"))), member("value", content)))
		}
		return []value.Member{text("body_type", "multipart"), member("parts", value.List(parts...))}
	case "binaryData":
		return []value.Member{text("body_type", "file"), text("body", n.text("inputDataFieldName", "data"))}
	case "raw":
		return []value.Member{text("body_type", "raw"), text("body", n.text("body", "")),
			text("content_type", n.text("rawContentType", ""))}
	}
	return nil
}

// jsonBody is a body that was written as JSON. One with expressions is a text that must become JSON with what they give, as in n8n.
func (n *node) jsonBody() []value.Member {
	written := n.at("jsonBody")
	if written.IsMissing() {
		written = n.at("bodyParametersJson")
	}
	if made, err := value.Parse([]byte(written.Text()), value.Limits{}); err == nil {
		return []value.Member{text("body_type", "json"), member("body", converted(made))}
	}
	return []value.Member{text("body_type", "raw"), text("body", converted(written).Text()), text("content_type", "application/json")}
}

// lastOfEach are parameters of which each name has the last of its values, at the place of the first.
func lastOfEach(list value.Value) value.Value {
	var kept []value.Value
	place := map[string]int{}
	for _, one := range list.Elements() {
		name := one.Get("name").Text()
		if at, again := place[name]; again {
			kept[at] = one
			continue
		}
		place[name] = len(kept)
		kept = append(kept, one)
	}
	if kept == nil {
		return list
	}
	return value.List(kept...)
}

func readMail(n *node) target {
	if n.text("operation", "send") != "send" {
		return target{}
	}
	return target{"email", object(member("to", texts(n.names("toEmail"))), member("cc", texts(n.names("options.ccEmail"))),
		member("bcc", texts(n.names("options.bccEmail"))), text("subject", n.text("subject", "")), text("text", n.text("text", "")),
		text("html", n.text("html", "")))}
}

func readFeed(n *node) target { return target{"rss", object(text("url", n.text("url", "")))} }

func readSSH(n *node) target {
	n.note("runs a command on another machine; name the machine, its host key and the secret")
	return target{"ssh", object(text("command", n.text("command", "")))}
}
