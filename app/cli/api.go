package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zygo/app/api"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/module"
	"zygo/app/outgoing"
	"zygo/app/resource"
)

// remote is the instance that the command api asks, and what shows who asks.
type remote struct {
	server, keyFile string
}

func (p *program) apiCommand() *cobra.Command {
	r := remote{}
	command := &cobra.Command{
		Use:   "api [METHOD] PATH [NAME=TEXT | NAME:=JSON ...]",
		Short: "Call an operation of a running instance with an API key; without a path, list the operations",
		Long: "It prints what the operation answers. Without a method it is GET. What is given goes into the query of GET and DELETE, " +
			"and into the body of other methods. Operations about something are listed by: zygo api list incident\n\n" +
			"The key is in ZYGO_API_KEY, or in the file that --key-file names. The instance is at ZYGO_API_URL, or where --server says.\n\n" +
			"Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 a conflict with what is stored, 4 not found.",
		Example: "  zygo api incidents limit=5 'filter[severity]=high'\n" +
			"  zygo api POST incidents title='The shop is slow' tags:='[\"shop\"]'\n" +
			"  zygo api PATCH incidents/01990000-0000-7000-8000-000000000000 severity=low",
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return p.listOperations("")
			case args[0] == "list":
				return p.listOperations(strings.Join(args[1:], " "))
			}
			call, err := readCall(args)
			if err != nil {
				return err
			}
			return p.callRemote(c.Context(), r, call)
		},
	}
	command.Flags().StringVar(&r.server, "server", "", "address of the instance (ZYGO_API_URL, else http://127.0.0.1:8080)")
	command.Flags().StringVar(&r.keyFile, "key-file", "", "file with the API key (ZYGO_API_KEY)")
	return command
}

// remoteCall is a request as the command line gives it.
type remoteCall struct {
	method, path string
	fields       map[string]any
	query        url.Values
}

// readCall reads the arguments: a method, which may be left out, a path, and what is given.
func readCall(args []string) (remoteCall, error) {
	call := remoteCall{fields: map[string]any{}, query: url.Values{}}
	methods := []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete}
	if slices.Contains(methods, strings.ToUpper(args[0])) {
		call.method, args = strings.ToUpper(args[0]), args[1:]
	}
	if len(args) == 0 {
		return call, fmt.Errorf("%w: name the path of an operation, such as incidents", errUsage)
	}
	call.path = strings.TrimPrefix(strings.TrimPrefix(args[0], api.Base), "/")
	for _, one := range args[1:] {
		name, text, ok := strings.Cut(one, "=")
		if !ok || strings.TrimSuffix(name, ":") == "" {
			return call, fmt.Errorf("%w: %q is neither NAME=TEXT nor NAME:=JSON", errUsage, one)
		}
		var value any = text
		if before, isJSON := strings.CutSuffix(name, ":"); isJSON {
			name = before
			if !json.Valid([]byte(text)) {
				return call, fmt.Errorf("%w: what stands behind %s:= is no JSON", errUsage, name)
			}
			value = json.RawMessage(text)
		}
		call.fields[name] = value
		call.query.Add(name, text)
	}
	call.method = cmp.Or(call.method, http.MethodGet)
	return call, nil
}

// request makes the request of a call.
func (r remote) request(ctx context.Context, call remoteCall) (*http.Request, error) {
	server, err := url.Parse(strings.TrimSuffix(cmp.Or(r.server, os.Getenv("ZYGO_API_URL"), "http://127.0.0.1:8080"), "/"))
	if err != nil || server.Host == "" || server.Scheme != "http" && server.Scheme != "https" {
		return nil, fmt.Errorf("%w: the address of the instance must be such as https://zygo.example.com", errUsage)
	}
	key := os.Getenv("ZYGO_API_KEY")
	if r.keyFile != "" {
		text, err := os.ReadFile(r.keyFile)
		if err != nil {
			return nil, fmt.Errorf("read the API key: %w", err)
		}
		key = string(text)
	}
	if key = strings.TrimSpace(key); key == "" {
		return nil, fmt.Errorf("%w: put an API key into ZYGO_API_KEY, or name a file with one by --key-file", errUsage)
	}
	path, query, _ := strings.Cut(call.path, "?")
	address := server.String() + api.Base + path
	var body io.Reader
	if call.method == http.MethodGet || call.method == http.MethodDelete {
		if given := call.query.Encode(); given != "" {
			query = strings.TrimPrefix(query+"&"+given, "&")
		}
	} else {
		text, err := json.Marshal(call.fields)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	if query != "" {
		address += "?" + query
	}
	request, err := http.NewRequestWithContext(ctx, call.method, address, body)
	if err != nil {
		return nil, fmt.Errorf("%w: %q is no path", errUsage, call.path)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, nil
}

const (
	remotePatience = 2 * time.Minute
	mostAnswered   = 64 << 20
)

// callRemote makes a request and prints what it answers.
func (p *program) callRemote(ctx context.Context, r remote, call remoteCall) error {
	request, err := r.request(ctx, call)
	if err != nil {
		return err
	}
	// The person names the one place that is asked, which may be on this machine.
	guard, err := outgoing.NewGuard([]string{net.JoinHostPort(request.URL.Hostname(), cmp.Or(request.URL.Port(), portOf(request.URL.Scheme)))})
	if err != nil {
		return err
	}
	defer guard.Close()
	answer, err := guard.Client(outgoing.Options{Time: remotePatience}).Do(request)
	if err != nil {
		return outgoing.Explain(err)
	}
	text, err := outgoing.ReadBody(answer, mostAnswered)
	if err != nil {
		return err
	}
	return p.printAnswer(answer, text)
}

func portOf(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// printAnswer prints the data of an answer, or gives its error.
func (p *program) printAnswer(answer *http.Response, text []byte) error {
	var envelope struct {
		Data     json.RawMessage `json:"data"`
		Metadata json.RawMessage `json:"metadata,omitempty"`
		Error    *struct {
			Code    fault.Code
			Message string
			Details json.RawMessage
		} `json:"error"`
	}
	if !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/json") || json.Unmarshal(text, &envelope) != nil {
		if answer.StatusCode >= http.StatusBadRequest {
			return fmt.Errorf("the server answered %s, and not as Zygo does; look at --server", answer.Status)
		}
		_, err := p.Out.Write(text)
		return err
	}
	if failed := envelope.Error; failed != nil {
		var fields []fault.Field
		if json.Unmarshal(failed.Details, &fields) == nil {
			for _, f := range fields {
				failed.Message += "\n  " + f.Field + " " + f.Message
			}
		}
		return fault.New(failed.Code, "%s", failed.Message)
	}
	if p.json && envelope.Metadata != nil {
		return p.printJSON(map[string]json.RawMessage{"data": envelope.Data, "metadata": envelope.Metadata})
	}
	return p.printJSON(envelope.Data)
}

// listOperations prints the operations whose path or summary has a text.
func (p *program) listOperations(about string) error {
	kernel, err := resource.Catalogue(module.Kernel(p.Modules))
	if err != nil {
		return err
	}
	var document struct {
		Paths map[string]struct {
			Get, Post, Patch, Put, Delete *struct{ Summary string }
			Servers                       []any // of what is not below the API
		}
	}
	declared := operations(p.Modules, &identity.Services{}, nil, nil, nil)
	if err := json.Unmarshal(api.OpenAPI(kernel, declared, p.Version), &document); err != nil {
		return err
	}
	type listed struct {
		Method  string `json:"method"`
		Path    string `json:"path"`
		Summary string `json:"summary"`
	}
	var list []listed
	for path, of := range document.Paths {
		short := strings.TrimPrefix(path, "/")
		for method, one := range map[string]*struct{ Summary string }{
			http.MethodGet: of.Get, http.MethodPost: of.Post, http.MethodPatch: of.Patch, http.MethodPut: of.Put, http.MethodDelete: of.Delete,
		} {
			if one != nil && of.Servers == nil && strings.Contains(strings.ToLower(short+" "+one.Summary), strings.ToLower(about)) {
				list = append(list, listed{method, short, one.Summary})
			}
		}
	}
	if list == nil {
		return fault.New(fault.NotFound, "No operation has %q in its path or its summary.", about)
	}
	slices.SortFunc(list, func(a, b listed) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
	var rows [][]string
	for _, one := range list {
		rows = append(rows, []string{one.Method, one.Path, one.Summary})
	}
	return p.print(list, "", rows)
}
