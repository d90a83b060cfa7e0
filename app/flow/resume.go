package flow

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/value"
)

// ResumePath is where executions are called that wait for that.
const ResumePath = "/resume/"

// resumePlace is where the token of an execution's address is sealed. It names nothing else, so no other sealed value opens there.
const resumePlace = "resume"

// resumeURL is the address by which a step of the execution is called that waits for that. Only who was given it can call it.
func (r *run) resumeURL() string {
	sealed := r.engine.session(r.row.TenantID, "", "").Seal("", r.row.ID, resumePlace)
	return r.engine.url + ResumePath + r.row.ID + "?token=" + base64.RawURLEncoding.EncodeToString([]byte(sealed))
}

var errNoResume = fault.New(fault.NotFound, "Nothing waits for a call of this address. It may have gone on, or ended.")

// Resume lets the execution go on whose step waits for a call of its address, with what the call brought.
func (e *Engine) Resume(execution string, d Delivery) error {
	query, err := url.ParseQuery(d.Query)
	if err != nil {
		return errNoResume
	}
	token := query.Get("token")
	query.Del("token")
	d.Query = query.Encode()
	found, err := resource.Select[Execution](e.system(), "SELECT n, id, tenant_id, workspace_id, workflow_id FROM {execution} WHERE id = ?", execution)
	if err != nil {
		return err
	}
	sealed, wrong := base64.RawURLEncoding.DecodeString(token)
	if len(found) == 0 || wrong != nil || len(sealed) == 0 {
		return errNoResume
	}
	row := found[0]
	s := e.session(row.TenantID, row.ID, "")
	if _, err := s.Reveal(field.Secret(sealed), row.ID, resumePlace); err != nil {
		return errNoResume
	}
	if err := e.closed(row.TenantID, string(row.WorkflowID)); err != nil {
		return err
	}
	call, err := d.call("")
	if err != nil {
		return err
	}
	defer e.alarm.Set()
	return s.Write(func(s *resource.Session) error {
		open, err := resource.Select[wait](s, "SELECT * FROM {wait} WHERE execution = ? AND missing > 0 AND methods <> '' ORDER BY seq DESC LIMIT 1", row.N)
		switch {
		case err != nil:
			return err
		case len(open) == 0:
			return errNoResume
		case !slices.Contains(strings.Fields(open[0].Methods), d.Method):
			return fault.New(fault.BadRequest, "Call this address with %s.", strings.ReplaceAll(open[0].Methods, " ", " or "))
		}
		if err := s.RecordObject("execution", "resumed", row.ID, row.WorkspaceID, nil); err != nil {
			return err
		}
		return reply(s, row.ID, open[0].Seq, open[0].Epoch, value.Object(call...).AppendJSON(nil))
	})
}
