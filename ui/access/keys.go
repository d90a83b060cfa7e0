package access

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/keys"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// keysPath is where the API keys are.
const keysPath = "/settings/api-keys"

// keyList is the list of API keys, with the way to a new one.
func keyList(v *web.Visit) (*edge.Response, error) {
	kind := v.Site.Kind(keys.Kind.Name)
	if to, err := kinds.Canonical(v, kind); to != nil || err != nil {
		return to, err
	}
	page, _, err := kinds.ListPage(v, kind)
	if err != nil {
		return nil, err
	}
	page.Primary = &markup.Action{Label: "Create API key", Icon: "plus", Href: keysPath + "/new", Key: "c"}
	if len(page.Empty.Actions) == 0 {
		page.Empty.Actions = []markup.Action{*page.Primary}
	}
	return v.Show(http.StatusOK, page)
}

// key is the page of an API key, with how it is used.
func key(v *web.Visit) (*edge.Response, error) {
	page, record, err := kinds.Named(v, v.Site.Kind(keys.Kind.Name))
	if err != nil {
		return nil, err
	}
	k := record.(*keys.Key)
	days, err := keys.Usage(v.Person.Session, k.ID)
	if err != nil {
		return nil, err
	}
	chart := &markup.Chart{Label: "Requests with this key in the last 30 days", Series: []string{"Answered", "Refused"}}
	for _, day := range days {
		chart.Bars = append(chart.Bars, markup.Bar{Label: day.Day, Values: []int{day.Requests, day.Refused}})
	}
	page.Main = append(page.Main, markup.Section{Title: "Requests in the last 30 days", Chart: chart})
	if k.State == keys.Active && string(k.OwnerID) == v.Person.User.ID {
		page.Primary = &markup.Action{Label: "Make anew", Icon: "refresh-cw", Href: keysPath + "/" + k.ID + "/rotate"}
	}
	return v.Show(http.StatusOK, page)
}

// keyForm asks for a new key.
func keyForm(v *web.Visit) (*edge.Response, error) {
	if err := v.Person.RequireRecent(); err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, f := range v.Site.Kind(keys.Kind.Name).Spec().Fields {
		values[f.Name] = f.Default
	}
	page, err := newKey(v, values, nil)
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

// newKey is the form of a new key: what kinds ask for, and a box for each permission that the person may give.
func newKey(v *web.Visit, values map[string]string, chosen []string) (*markup.FormPage, error) {
	page, err := kinds.CreateForm(v, v.Site.Kind(keys.Kind.Name), values)
	if err != nil {
		return nil, err
	}
	main := &page.Groups[0]
	main.Rows = slices.DeleteFunc(main.Rows, func(row []markup.FieldView) bool { return row[0].Name == "scopes" })
	page.Groups = slices.Insert(page.Groups, 1, markup.FieldGroup{Matrix: true, Rows: scopeMatrix(v, chosen)})
	page.Draft = ""
	return page, nil
}

// scopeMatrix has a line for each kind.
func scopeMatrix(v *web.Visit, chosen []string) (rows [][]markup.FieldView) {
	for _, of := range permissionGroups(v) {
		boxes := markup.FieldView{Kind: markup.FieldChoices, Name: "scopes", Label: of.label, Required: true, When: "access:" + string(keys.Some)}
		for _, p := range of.permissions {
			if !p.InPerson && v.Person.MayNamed(p.Name) {
				chosen := slices.Contains(chosen, p.Name)
				boxes.Options = append(boxes.Options, markup.Option{Value: p.Name, Label: verbLabel(p), Chosen: chosen})
			}
		}
		if boxes.Options != nil {
			rows = append(rows, []markup.FieldView{boxes})
		}
	}
	return rows
}

// createKey makes a key from the form, and shows it.
func createKey(v *web.Visit) (*edge.Response, error) {
	spec := v.Site.Kind(keys.Kind.Name).Spec()
	given := widget.Given(v, spec, spec.Fields)
	given["scopes"] = resource.Text(strings.Join(v.Form["scopes"], ","))
	shown, err := keys.CreateFrom(v.Person.Session, given)
	if err == nil {
		return showKey(v, shown, "Your new API key")
	}
	page, wrong := newKey(v, kinds.Typed(spec.Fields, v.Form), v.Form["scopes"])
	if wrong != nil {
		return nil, wrong
	}
	return kinds.Refused(v, page, err)
}

// showKey shows a key this once, with a request that uses it.
func showKey(v *web.Visit, shown keys.Shown, heading string) (*edge.Response, error) {
	return v.Show(http.StatusOK, &markup.DetailPage{
		Shell:   v.Shell(heading),
		Heading: heading,
		Crumbs:  []markup.Crumb{{Label: "API keys", Href: keysPath}},
		Self:    keysPath,
		Primary: &markup.Action{Label: "I have stored it", Href: keysPath + "/" + shown.ID},
		Notice: &markup.Strip{
			Tone:   markup.Good,
			Text:   "Copy the key now.",
			Remedy: "It is shown this once; Zygo keeps nothing by which anybody could read it again.",
		},
		Main: []markup.Section{
			{Title: "Key", Code: &markup.Code{ID: "key", Label: "API key", Text: shown.Key}},
			{Title: "Try it", Code: &markup.Code{ID: "example", Label: "A request with it",
				Text: "curl -H 'Authorization: Bearer " + shown.Key + "' " + v.Site.URL + "/api/v1/incidents"}},
		},
	})
}

// rotateForm asks how long the key before stays good.
func rotateForm(v *web.Visit) (*edge.Response, error) {
	page, err := rotatePage(v, "24")
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

func rotatePage(v *web.Visit, hours string) (*markup.FormPage, error) {
	if err := v.Person.RequireRecent(); err != nil {
		return nil, err
	}
	k, err := keys.Kind.Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	back := keysPath + "/" + k.ID
	return &markup.FormPage{
		Shell:   v.Shell("Make " + k.Name + " anew"),
		Crumbs:  []markup.Crumb{{Label: "API keys", Href: keysPath}, {Label: k.Name, Href: back}},
		Heading: "Make " + k.Name + " anew",
		Submit:  "Make it anew",
		Action:  back + "/rotate",
		Cancel:  back,
		Groups: []markup.FieldGroup{{Rows: [][]markup.FieldView{{{
			Kind:     markup.FieldNumber,
			Name:     "hours",
			Label:    "The key before stays good for",
			Unit:     "hours",
			Value:    hours,
			Required: true,
			First:    true,
			Least:    "0",
			Most:     "168",
			Help:     "Until then programs can use either of them. 0 ends it at once.",
		}}}}},
	}, nil
}

func rotateKey(v *web.Visit) (*edge.Response, error) {
	typed := strings.TrimSpace(v.Form.Get("hours"))
	hours, err := strconv.Atoi(typed)
	if err != nil || hours < 0 || hours > 168 {
		err = fault.InvalidField("hours", "must be a whole number from 0 to 168")
	}
	var shown keys.Shown
	if err == nil {
		shown, err = keys.Rotate(v.Person.Session, &keys.Rotating{ID: v.Param("id"), Hours: hours})
	}
	if err == nil {
		return showKey(v, shown, "Your API key, made anew")
	}
	page, wrong := rotatePage(v, typed)
	if wrong != nil {
		return nil, wrong
	}
	return kinds.Refused(v, page, err)
}
