package n8n

import (
	"fmt"
	"regexp"
	"strings"

	"zygo/app/value"
)

// readTriggerType makes triggers that stand for one of n8n's, sometimes with a node behind them.
func readTriggerType(n *node) target {
	switch n.kind {
	case "formTrigger":
		return readForm(n)
	case "telegramTrigger":
		return readTelegramTrigger(n)
	case "rssFeedReadTrigger":
		return readFeedTrigger(n)
	case "emailReadImap":
		return readInbox(n)
	}
	if made := readPoll(n); made.kind != "" {
		return made
	}
	if strings.HasSuffix(n.kind, "Trigger") && n.reason == "" {
		n.reason = "starts when something happens at a service, which Zygo does not watch. "
		if advice := triggerAdvice[n.kind]; advice != "" {
			n.reason += advice
		} else {
			n.reason += "Start with a webhook that the service calls, or with a schedule and a node that reads what is new"
		}
	}
	return target{}
}

// triggerAdvice says what to do in the place of a trigger that looks at a service every few minutes.
var triggerAdvice = map[string]string{
	"googleDriveTrigger":    "Start with a schedule and the operation Search files and folders of Google Drive, and move each file at the end",
	"googleCalendarTrigger": "Start with a schedule and the operation Get many events of Google Calendar",
	"slackTrigger":          "Start with a webhook, and name its address under Event Subscriptions of your Slack app",
	"githubTrigger":         "Start with a webhook, and name its address among the webhooks of the repository",
	"whatsAppTrigger":       "Start with a webhook, and name its address in your WhatsApp app",
	"stripeTrigger":         "Start with a webhook, and name its address among the webhooks of Stripe",
	"localFileTrigger":      "Zygo does not look at the files of its machine; start with a form or a webhook that takes the file",
}

var formTypes = map[string]string{"text": "text", "textarea": "long", "number": "number", "email": "email", "password": "password",
	"date": "date", "dropdown": "dropdown", "radio": "radio", "checkbox": "checkbox", "file": "file", "hiddenField": "hidden"}

func readForm(n *node) target {
	var fields []value.Value
	var labels []string
	names := map[string]bool{"form": true, "form_token": true, "form_sent": true, "homepage_url": true}
	for _, one := range n.at("formFields.values").Elements() {
		kind, known := formTypes[or(one.Get("fieldType").Raw(), "text")]
		label := or(one.Get("fieldLabel").Raw(), one.Get("fieldName").Raw())
		if !known {
			n.note("has a field %s of the type %s, which a form here does not have", label, one.Get("fieldType").Raw())
			continue
		}
		var options []string
		for _, o := range one.Get("fieldOptions").Get("values").Elements() {
			options = append(options, o.Get("option").Text())
		}
		if kind == "dropdown" && one.Get("multiselect").Truthy() {
			kind = "checkbox"
		}
		own := or(one.Get("fieldName").Raw(), label)
		name := fieldName(own, names)
		labels = append(labels, "      "+value.String(own).JSON()+": $json."+name+",")
		fields = append(fields, object(text("name", name), text("label", shortened(label, 200)), text("type", kind),
			member("required", flag(one.Get("requiredField").Truthy())), member("options", texts(options)),
			member("hint", one.Get("placeholder")), member("value", one.Get("fieldValue"))))
	}
	if n.text("authentication", "none") != "none" {
		n.note("asked for a name and a password; open the form to members, or to everyone")
	}
	if n.text("responseMode", "onReceived") != "onReceived" {
		n.note("shows at the end what a node answers; here it shows its closing text at once")
	}
	path := strings.Trim(n.text("path", n.text("options.path", "")), "/")
	if path == "" {
		path = n.id
	}
	plain := func(path string) string { return strings.TrimPrefix(n.at(path).Raw(), "=") }
	n.before = []target{{"trigger.form", object(text("path", path), text("title", or(plain("formTitle"), n.name)), text("description",
		plain("formDescription")),
		member("fields", value.List(fields...)), member("submit", n.at("options.buttonLabel")))}}
	return target{"code", object(text("mode", "each"), text("source", "return {\n  json: {\n"+strings.Join(labels, "\n")+
		"\n      submittedAt: $json.form.submitted_at,\n      formMode: 'production',\n  },\n}"))}
}

var notInName = regexp.MustCompile(`[^A-Za-z0-9]+`)

// fieldName is a label as the name of a form's field, another one than those that are taken.
func fieldName(label string, taken map[string]bool) string {
	name := shortened(strings.Trim(notInName.ReplaceAllString(label, "_"), "_"), 50)
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = "field_" + name
	}
	for own, i := name, 2; taken[name]; i++ {
		name = fmt.Sprintf("%s_%d", own, i)
	}
	taken[name] = true
	return name
}

func shortened(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most])
	}
	return text
}

// readTelegramTrigger is a webhook that Telegram calls, and a node that gives what it sent.
func readTelegramTrigger(n *node) target {
	n.note("starts with a webhook now. Publish the workflow, then run the operation Send updates to a webhook of Telegram once, with its address")
	if n.is("additionalFields.download", false) {
		n.note("downloads files that come; use the operations Get where a file is and Download a file of Telegram")
	}
	n.secretOf("telegram")
	n.before = []target{{"trigger.webhook", object(text("path", n.id), member("method", texts([]string{"POST"})), text("auth", "none"),
		text("respond", "at_once"))}}
	return target{"code", object(text("mode", "each"), text("source", "return { json: $json.body }"))}
}

// readFeedTrigger looks at a feed at its times, and gives each entry once.
func readFeedTrigger(n *node) target {
	n.before = []target{readSchedule(n), {"rss", object(text("url", n.text("feedUrl", "")))}}
	return n.keepNew(text("by", "value"), text("value", "{{ $json.guid || $json.link }}"), member("skip_first", value.Bool(true)))
}

// mailAsThere makes of a message what n8n gives in its simple form.
const mailAsThere = `const shown = one => one?.name ? one.name + ' <' + one.address + '>' : one?.address ?? ''
return {
  json: {
      from: shown($json.from),
      to: ($json.to ?? []).map(shown).join(', '),
      subject: $json.subject,
      date: $json.date,
      textPlain: $json.text,
      textHtml: $json.html,
      metadata: $json.headers,
      ...Object.fromEntries(($json.files ?? []).map((file, i) => ['attachment_' + i, file])),
  },
}`

// readInbox is a mailbox that is looked into, and a node that gives its messages as n8n did.
func readInbox(n *node) target {
	n.secretOf("MAILBOX")
	host, user := "", ""
	if n.opened != nil {
		host, user = n.opened.host(), n.opened.Data.Get("user").Raw()
	} else {
		n.note("had the mail server and the name of the mailbox in its credential; write them into the trigger")
	}
	then := "read"
	if n.text("postProcessAction", "read") == "nothing" {
		then = "nothing"
	}
	unread := strings.Contains(n.text("options.customEmailConfig", "UNSEEN"), "UNSEEN")
	n.before = []target{{"trigger.mail", object(text("host", host), text("user", user), text("secret", n.secretName),
		text("folder", n.text("mailbox", "INBOX")), member("unread", flag(unread)), member("automatic", value.Bool(true)), text("then", then))}}
	return target{"code", object(text("mode", "each"), text("source", mailAsThere))}
}
