package records

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// choices are the values and sources of a category.
func choices(c *instance.Client, category string) string {
	c.Instance.T.Helper()
	var all []struct{ Value, Source string }
	c.Must(c.Call("GET", "dropdowns/"+category, nil), 200, &all)
	var text []string
	for _, one := range all {
		text = append(text, one.Value+" of "+one.Source)
	}
	return strings.Join(text, ", ")
}

func TestDropdownValuesAreMergedAndChangeAtOnce(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	operator, umbrella := i.As("owner@acme"), i.As("owner@umbrella")
	const before = "monitoring of instance, customer of instance, staff of instance, supplier of instance"
	if got := choices(operator, "incident_source"); got != before {
		t.Fatalf("a new organization is offered %s", got)
	}
	operator.CreateRow("dropdowns", map[string]any{"category": "incident_source", "value": "partner", "label": "Partner", "position": 0})
	hidden := operator.CreateRow("dropdowns", map[string]any{"category": "incident_source", "value": "staff", "label": "Staff",
		"hidden": true})
	if got := choices(operator, "incident_source"); got != "partner of organization, monitoring of instance, customer of instance, supplier of instance" {
		t.Errorf("after its own values the organization is offered %s", got)
	}
	if got := choices(umbrella, "incident_source"); got != before {
		t.Errorf("another organization is offered %s", got)
	}
	for source, status := range map[string]int{"partner": 201, "monitoring": 201, "staff": 422, "rumour": 422} {
		if answer := operator.Call("POST", "incidents", map[string]any{"title": "x", "source": source}); answer.Status != status {
			t.Errorf("an incident from %s answers %d: %s", source, answer.Status, answer.Body)
		}
	}
	operator.Must(operator.Call("DELETE", "dropdowns/"+hidden.ID, nil), 200, nil)
	operator.CreateRow("admin/content/dropdowns", map[string]any{"category": "incident_source", "value": "press", "label": "Press",
		"position": 9})
	if got := choices(operator, "incident_source"); !strings.HasSuffix(got, "staff of instance, supplier of instance, press of instance") {
		t.Errorf("after a value of the instance the organization is offered %s", got)
	}
	if got := choices(umbrella, "incident_source"); got != before+", press of instance" {
		t.Errorf("after a value of the instance another organization is offered %s", got)
	}
	made := map[string]any{"category": "a", "value": "b", "label": "c"}
	if answer := umbrella.Call("POST", "admin/content/dropdowns", made); answer.Status != 403 {
		t.Errorf("who is no operator gets %d for a value of the instance", answer.Status)
	}
}

func TestATemplateBringsFieldsOfItsOwn(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner := i.As("owner@acme")
	template := owner.CreateRow("templates", map[string]any{"name": "Outage", "kind": "incident", "title": "{{service}} is down",
		"body": "{{service}} since {{since}}", "samples": "service: checkout"})
	fields := "templates/" + template.ID + "/fields"
	owner.CreateRow(fields, map[string]any{"label": "Impact", "name": "impact", "type": "choice", "category": "affected_customers",
		"required": true})
	owner.CreateRow(fields, map[string]any{"label": "Loss", "name": "loss", "type": "money"})
	owner.CreateRow(fields, map[string]any{"label": "Users", "name": "users", "type": "number"})
	var offered []struct {
		Name, Source string
		Variables    []struct{ Name, Sample string }
		Fields       []struct{ Name, Type string }
	}
	owner.Must(owner.Call("GET", "organization/templates?kind=incident", nil), 200, &offered)
	const outage = `{"Name":"Outage","Source":"organization","Variables":[{"Name":"service","Sample":"checkout"},{"Name":"since","Sample":""}],"Fields":[{"Name":"impact","Type":"choice"},{"Name":"loss","Type":"money"},{"Name":"users","Type":"number"}]}`
	if len(offered) != 3 || instance.Encode(offered[0]) != outage || offered[1].Source != "instance" {
		t.Errorf("the templates are %s", instance.Encode(offered))
	}
	custom := func(values map[string]any) map[string]any {
		return map[string]any{"title": "x", "custom": map[string]any{"template": template.ID, "values": values}}
	}
	for _, try := range []struct {
		values map[string]any
		wrong  string
	}{
		{map[string]any{"impact": "some", "loss": map[string]any{"amount": 1250, "currency": "EUR"}, "users": 3}, ""},
		{map[string]any{"impact": "some", "loss": "12.50 EUR", "users": "3"}, ""},
		{map[string]any{"loss": "12.50 EUR"}, "custom.impact"},
		{map[string]any{"impact": "most"}, "custom.impact"},
		{map[string]any{"impact": "all", "users": "many"}, "custom.users"},
		{map[string]any{"impact": "all", "mood": "bad"}, "custom.mood"},
	} {
		answer := owner.Call("POST", "incidents", custom(try.values))
		if try.wrong == "" {
			var row struct {
				Custom struct{ Values map[string]any }
			}
			owner.Must(answer, 201, &row)
			if instance.Encode(row.Custom.Values) != `{"impact":"some","loss":{"amount":1250,"currency":"EUR"},"users":3}` {
				t.Errorf("%v is stored as %s", try.values, instance.Encode(row.Custom.Values))
			}
		} else if answer.Status != 422 || !strings.Contains(string(answer.Body), try.wrong) {
			t.Errorf("%v answers %d: %s", try.values, answer.Status, answer.Body)
		}
	}
	for _, c := range []*instance.Client{owner, i.As("owner@umbrella")} {
		body := custom(map[string]any{"impact": "all"})
		if c != owner {
			if answer := c.Call("POST", "incidents", body); answer.Status != 422 || !strings.Contains(string(answer.Body), "custom") {
				t.Errorf("a foreign template answers %d: %s", answer.Status, answer.Body)
			}
			continue
		}
		// A row keeps what it has when its template goes.
		row := c.CreateRow("incidents", body)
		c.Must(c.Call("DELETE", "templates/"+template.ID, nil), 200, nil)
		c.Must(c.Call("PATCH", "incidents/"+row.ID, map[string]any{"title": "y"}), 200, nil)
		if answer := c.Call("POST", "incidents", body); answer.Status != 422 {
			t.Errorf("a template in the trash answers %d", answer.Status)
		}
	}
}

func TestANewOrganizationIsGivenTheDefaultTags(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	umbrella := i.As("owner@umbrella")
	var tags []struct{ Name, Colour string }
	umbrella.Must(umbrella.Call("GET", "tags", nil), 200, &tags)
	if instance.Encode(tags) != `[{"Name":"customer-facing","Colour":"blue"},{"Name":"security","Colour":"red"},{"Name":"third-party","Colour":"amber"}]` {
		t.Errorf("the tags are %s", instance.Encode(tags))
	}
}
