package node

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Paging is how a service gives a long list in pages.
type Paging string

// Choices are the ways.
func (Paging) Choices() []field.Choice {
	return []field.Choice{{Value: "none", Label: "One answer"}, {Value: "next", Label: "The answer has the address of the next page"},
		{Value: "number", Label: "A number, until a page is empty"}, {Value: "cursor", Label: "The answer has a cursor for the next page"}}
}

// PagePlace is where a request names the page that it asks for.
type PagePlace string

// Choices are the places.
func (PagePlace) Choices() []field.Choice {
	return []field.Choice{{Value: "query", Label: "The query"}, {Value: "body", Label: "The body"}, {Value: "headers", Label: "The headers"}}
}

// onPage names a page where the service looks for it.
func (p *HTTP) onPage(mark string) error {
	switch {
	case p.PageIn == "headers":
		p.Headers = append(slices.DeleteFunc(slices.Clone(p.Headers), func(h Pair) bool { return strings.EqualFold(h.Name, p.PageName) }),
			Pair{p.PageName, field.Exact(mark)})
		return nil
	case p.PageIn == "body" && p.BodyType == "form":
		p.Form = withParameter(p.Form, p.PageName, mark)
		return nil
	case p.PageIn != "body":
		p.Query = withParameter(p.Query, p.PageName, mark)
		return nil
	}
	named := value.String(mark)
	if number, err := strconv.ParseInt(mark, 10, 64); err == nil && p.Pages == "number" {
		named = value.Int(number)
	}
	body, err := p.Body, error(nil)
	switch p.BodyType {
	case "none":
		p.BodyType = "json"
	case "raw":
		body, err = value.Parse(bodyOf(body), value.Limits{})
	case "multipart", "file":
		err = errors.ErrUnsupported
	}
	changed, wrong := body.Set(value.Path{value.Key(p.PageName)}, named)
	if err != nil || wrong != nil {
		return fault.InvalidField("page_in", "needs a body that is a form or a JSON object")
	}
	p.Body = changed
	return nil
}

// isEmptyAt tells whether a value in an answer is missing, false, or a list that has nothing.
func isEmptyAt(got *answer, at string) bool {
	path, err := value.ParsePath(at)
	if err != nil {
		return false // which was checked before
	}
	found := got.whole.Find(path)
	return !found.Truthy() || found.Kind() == value.ListKind && found.Len() == 0
}

// checkPaths refuses paths that lead nowhere, and pages that nothing names.
func (p *HTTP) checkPaths() error {
	for name, text := range map[string]string{"entries": p.Entries, "next": p.Next, "last_at": p.LastAt} {
		if text == "" {
			continue
		}
		if _, err := value.ParsePath(text); err != nil {
			return fault.InvalidField(name, "%s", err)
		}
	}
	if p.Pages == "cursor" && p.Next == "" {
		return fault.InvalidField("next", "is required: it leads to the cursor in the answer")
	}
	return nil
}

// pages asks for one page after the other and gives the items of all. What one page names is followed on the same host alone,
// since the request has the credentials of that host.
func (q *httpCall) pages(ctx context.Context) ([]value.Value, error) {
	var all []value.Value
	seen := map[string]bool{}
	kept := q.call.Memory.Part(mostBuiltPages, errPagesTooLarge)
	defer kept.Reset()
	mark := strconv.Itoa(q.p.FirstPage)
	if q.p.Pages != "number" {
		mark = ""
	}
	for page := 1; ; page++ {
		got, err := q.page(ctx, page, mark)
		if err != nil {
			return nil, err
		}
		for _, v := range got.values {
			if err := kept.Take(v.Size()); err != nil {
				return nil, err
			}
		}
		if all = append(all, got.values...); len(all) > mostItems {
			return nil, errTooManyItems
		}
		if got.isLast || q.p.from.isLast(len(got.values), len(all)) {
			return all, nil
		}
		next, err := q.after(got, page)
		if err != nil || next == "" {
			return all, err
		}
		if seen[next] {
			return nil, &Error{
				Code:    "HTTP_PAGES",
				Message: fmt.Sprintf("After %d pages the service names one again that was read already.", page),
			}
		}
		if page >= q.p.MostPages {
			q.call.Log(fmt.Sprintf("Stopped after %d pages, which is the most that the node reads; the service has more.", page))
			return all, nil
		}
		seen[next], mark = true, next
		if err := q.p.rest(ctx); err != nil {
			return nil, err
		}
	}
}

// page asks for one page. An answer with a code that says so is the last.
func (q *httpCall) page(ctx context.Context, number int, mark string) (*answer, error) {
	own := *q.p
	if mark != "" && q.p.Pages == "next" {
		own.URL, own.Query = field.Exact(mark), nil // the address has everything
	} else if mark != "" {
		if err := own.onPage(mark); err != nil {
			return nil, err
		}
	}
	isEnd, err := codes("end_codes", q.p.EndCodes)
	if err != nil {
		return nil, err
	}
	one := httpCall{p: &own, call: q.call, item: q.item, key: fmt.Sprintf("%s:%d", q.key, number), room: q.room}
	got, err := one.send(ctx)
	q.room.Reset()
	var failed *Error
	if errors.As(err, &failed) && isEnd(failed.Status) && (number > 1 || !q.p.from.isRecipe) {
		return &answer{isLast: true, values: q.valuesAtEnd(failed)}, nil
	}
	if q.to == nil {
		q.to = one.to
	}
	return got, err
}

const mostBuiltPages = 64 << 20

var errPagesTooLarge = &Error{Code: "HTTP_PAGES", Message: fmt.Sprintf("The pages take more than %d MiB.", mostBuiltPages>>20)}

// after names the page behind one: its number, its cursor or its address; empty at the end.
func (q *httpCall) after(got *answer, page int) (string, error) {
	switch {
	case q.p.LastAt != "" && isEmptyAt(got, q.p.LastAt), q.p.Pages == "number" && isEmptyPage(got):
		return "", nil
	case q.p.Pages == "number":
		return strconv.Itoa(q.p.FirstPage + page*max(q.p.PageStep, 1)), nil
	case q.p.Next == "":
		return q.nextOf(got, linkOf(got.header.Values("Link")))
	}
	path, err := value.ParsePath(q.p.Next)
	if err != nil {
		return "", fault.InvalidField("next", "%s", err)
	}
	named := got.whole.Find(path)
	if !named.Truthy() || named.Kind() == value.ListKind || named.Kind() == value.ObjectKind {
		return "", nil
	}
	if q.p.Pages == "cursor" {
		return named.Text(), nil
	}
	return q.nextOf(got, named.Text())
}

// isEmptyPage tells whether a page has nothing: no items, or an object or a text without anything.
func isEmptyPage(got *answer) bool {
	empty, _ := isEmpty(comparison{}, got.whole, value.Null())
	return empty || len(got.values) == 0
}

// nextOf is the address of the next page, which may be relative to that of the page before it. It stays on the host that the first
// request went to, because the request carries credentials for that one.
func (q *httpCall) nextOf(got *answer, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	next, err := url.Parse(text)
	if err != nil {
		return "", &Error{Code: "HTTP_PAGES", Message: fmt.Sprintf("The service names %.200q as its next page, which is no address.", text)}
	}
	if next = got.url.ResolveReference(next); next.Scheme != q.to.Scheme || !strings.EqualFold(next.Host, q.to.Host) {
		return "", &Error{Code: "HTTP_PAGES",
			Message: fmt.Sprintf("The service names a next page on another host (%.100s), which gets no request.", next.Host)}
	}
	return next.String(), nil
}

// linkOf is the address with the relation next in headers of RFC 8288.
func linkOf(headers []string) string {
	for _, header := range headers {
		for part := range strings.SplitSeq(header, ",") {
			address, parameters, _ := strings.Cut(strings.TrimSpace(part), ">")
			for parameter := range strings.SplitSeq(parameters, ";") {
				name, v, _ := strings.Cut(strings.TrimSpace(parameter), "=")
				if strings.EqualFold(name, "rel") && strings.EqualFold(strings.Trim(v, `"`), "next") && strings.HasPrefix(address, "<") {
					return address[1:]
				}
			}
		}
	}
	return ""
}

// withParameter gives a query in which a name has one value.
func withParameter(query []Parameter, name, text string) []Parameter {
	var own []Parameter
	for _, p := range query {
		if string(p.Name) != name {
			own = append(own, p)
		}
	}
	return append(own, Parameter{field.Exact(name), field.OneOrMany{Given: value.String(text)}})
}
