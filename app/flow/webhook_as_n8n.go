package flow

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"zygo/app/fault"
	"zygo/app/flow/content"
	"zygo/app/flow/format"
	"zygo/app/flow/node"
	"zygo/app/value"
)

// A workflow that behaves as in n8n gets a call with n8n's names, and its callers get n8n's answers.

// itemAsInN8n is the call as n8n's webhook gives it: a file is a field of the item.
func (e *Engine) itemAsInN8n(d Delivery, webhook *node.Webhook, call []value.Member) value.Value {
	came := value.Object(call...)
	mode, address := "production", e.url+"/hooks/"
	if d.Test {
		mode, address = "test", e.url+TestHooksPath
	}
	body, files := dividedBody(content.TypeOf(d.Header.Get("Content-Type")), came.Get("body"), webhook.FileField)
	made := []value.Member{{Key: "headers", Value: came.Get("headers")}, {Key: "params", Value: came.Get("params")},
		{Key: "query", Value: nested(d.Query)}, {Key: "body", Value: body},
		{Key: "webhookUrl", Value: value.String(address + d.Tenant + "/" + d.Path)}, {Key: "executionMode", Value: value.String(mode)}}
	if token := came.Get("token"); !token.IsMissing() {
		made = append(made, value.Member{Key: "jwtPayload", Value: token})
	}
	item := value.Object(made...)
	for _, file := range files {
		if !item.Get(file.Key).IsMissing() {
			file.Key += "_file"
		}
		item, _ = item.Set(value.Path{value.Key(file.Key)}, file.Value) // an object takes a field
	}
	return item
}

// dividedBody takes the files out of a body: those of a form under their names, which are numbered where several have one, and a body
// that is none of the forms that n8n reads as the file data.
func dividedBody(kind content.Type, body value.Value, field string) (value.Value, []value.Member) {
	if body.IsMissing() {
		return value.Object(), nil
	}
	if kind.Name != "multipart/form-data" {
		if readInN8n(kind) {
			return body, nil
		}
		file := body
		if body.Kind() != value.ObjectKind || body.Get("base64").IsMissing() {
			text := []byte(body.JSON())
			if body.Kind() == value.StringKind {
				text = []byte(body.Raw())
			}
			file = content.File{MediaType: cmp.Or(kind.Name, "application/octet-stream"), Body: text}.Value()
		}
		return value.Object(), []value.Member{{Key: cmp.Or(field, "data"), Value: file}}
	}
	var kept, files []value.Member
	for name, v := range body.Members() {
		list := []value.Value{v}
		if v.Kind() == value.ListKind && v.Len() > 0 {
			list = nil
			for _, one := range v.Elements() {
				list = append(list, one)
			}
		}
		if _, isFile := content.SizeOf(list[0]); !isFile {
			kept = append(kept, value.Member{Key: name, Value: v})
			continue
		}
		for i, file := range list {
			own := name
			if field != "" {
				own = field + strconv.Itoa(len(files))
			} else if len(list) > 1 {
				own += strconv.Itoa(i)
			}
			files = append(files, value.Member{Key: own, Value: file})
		}
	}
	return value.Object(kept...), files
}

// withXML is a call whose body in XML is read.
func (e *Engine) withXML(ctx context.Context, tenant string, kind content.Type, call value.Value) (value.Value, error) {
	body := call.Get("body")
	if body.Kind() != value.StringKind || kind.Name != "application/xml" && kind.Name != "text/xml" {
		return call, nil
	}
	options := format.Options{As: format.XML, AsInN8n: true, XML: format.XMLReading{AttributesIn: "$", Normalize: true, Lower: true}}
	read, err := e.services.Sandbox.Document(ctx, tenant, options, []byte(body.Raw()))
	var wrong *format.Error
	if errors.As(err, &wrong) {
		return call, fault.New(fault.Invalid, "The body can't be read: %s.", wrong.Message)
	}
	if err != nil || len(read) == 0 {
		return call, err
	}
	return call.Set(value.Path{value.Key("body")}, read[0])
}

// readInN8n tells of a body that n8n reads, and takes for no file.
func readInN8n(kind content.Type) bool {
	return slices.Contains([]string{"application/json", "text/plain", "application/x-www-form-urlencoded", "application/xml", "text/xml"}, kind.Name)
}

// deepestQuery is how many brackets lead into each other, as in n8n; what is deeper is left out.
const deepestQuery = 5

// nested reads a query in which brackets lead into objects and lists.
func nested(query string) value.Value {
	made := value.Object()
	for name, v := range content.Pairs(query).Members() {
		path := value.Path{}
		first, rest, _ := strings.Cut(name, "[")
		path = append(path, value.Key(first))
		for rest != "" && len(path) <= deepestQuery {
			key, after, closed := strings.Cut(rest, "]")
			if !closed {
				break
			}
			if key != "" {
				path = append(path, value.Key(key))
			} else if v.Kind() != value.ListKind {
				v = value.List(v)
			}
			rest = strings.TrimPrefix(after, "[")
		}
		if first == "__proto__" {
			continue
		}
		if with, err := made.Set(path, v); err == nil {
			made = with
		}
	}
	return made
}

// answerAsInN8n is what a caller gets.
func answerAsInN8n(webhook *node.Webhook, answer Answer) Answer {
	if answer.Response != nil || answer.err != nil {
		return answer
	}
	reply := func(status int, body value.Value) Answer {
		answer.Response = &node.Response{Status: status, Headers: map[string]string{"Content-Type": "application/json; charset=utf-8"}}
		if body.Kind() != value.UndefinedKind {
			answer.Response.Body = body.AppendJSON(nil)
		}
		return answer
	}
	message := func(text string) value.Value {
		return value.Object(value.Member{Key: "message", Value: value.String(text)})
	}
	status := cmp.Or(webhook.Status, http.StatusOK)
	switch {
	case answer.Status == Failed || answer.Status == Cancelled:
		return reply(http.StatusInternalServerError, message("Error in workflow"))
	case webhook.Respond == answerAtOnce && (webhook.Text != "" || webhook.Gives == "none"):
		answer = reply(status, value.Value{})
		if webhook.Text != "" {
			answer.Response.Headers["Content-Type"], answer.Response.Body = "text/html; charset=utf-8", []byte(webhook.Text)
		}
		return answer
	case webhook.Respond == answerAtOnce:
		return reply(status, message("Workflow was started"))
	case answer.Status == Succeeded && webhook.Respond == "by_node":
		return reply(status, value.Value{})
	case answer.Status == Succeeded && webhook.Gives == node.GivesFirst && len(answer.Items) > 0 && string(answer.Items) == "[]":
		return reply(http.StatusInternalServerError, value.Object(value.Member{Key: "code", Value: value.Int(0)},
			value.Member{Key: "message", Value: value.String("No item to return was found")}))
	}
	return answer
}

// given is the answer with what the webhook gives: its own text, or a part of the last node's items.
func given(webhook *node.Webhook, answer Answer) (Answer, error) {
	if webhook.Respond == answerAtOnce && answer.Response == nil && answer.err == nil && (webhook.Text != "" || webhook.Gives == "none") {
		answer.Response = &node.Response{Status: cmp.Or(webhook.Status, http.StatusAccepted), Body: []byte(webhook.Text),
			Headers: map[string]string{"Content-Type": "text/plain; charset=utf-8"}}
		return answer, nil
	}
	if answer.Status != Succeeded || answer.Response != nil || webhook.Gives == node.GivesItems || answer.Items == nil {
		return answer, nil
	}
	items, err := value.Parse(answer.Items, value.Limits{})
	if err != nil {
		return answer, err
	}
	first := items.At(0)
	reply := &node.Response{Status: cmp.Or(webhook.Status, http.StatusOK), Headers: map[string]string{}}
	switch webhook.Gives {
	case node.GivesFirst:
		if first.IsMissing() {
			first = value.Object()
		}
		reply.Body = first.AppendJSON(nil)
	case node.GivesFile:
		file, ok := content.FileOf(first.Get(cmp.Or(webhook.FileField, "data")))
		if !ok {
			return answer, fault.New(fault.Internal, "The workflow gave no file to answer with.").With(
				map[string]string{"execution_id": answer.ExecutionID})
		}
		reply.Headers["Content-Type"], reply.Body = file.MediaType, file.Body
	}
	answer.Response = reply
	return answer, nil
}
