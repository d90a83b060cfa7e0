package n8n

import "sync"

// officeApps are the services of Google and Microsoft.
var officeApps = sync.OnceValue(func() map[string]*app {
	return map[string]*app{
		"googleSheets": {
			service: "google_sheets", title: "Google Sheets", secret: "credential", resource: "sheet",
			usual: map[string]string{"sheet": "read", "spreadsheet": "create"},
			operations: map[string]string{
				"sheet/read":           "read " + sheetPlace + " range=@sheetRange filters=@sheetFilters any=@sheetAny first_only=@sheetFirst",
				"sheet/lookup":         "read " + sheetPlace + " filters=@sheetLookup first_only=@sheetLookupFirst",
				"sheet/append":         "append " + sheetPlace + " row=@sheetRow new_columns=@sheetWidens input=@sheetInput",
				"sheet/update":         "update " + sheetPlace + " match_on=@sheetMatch row=@sheetRow new_columns=@sheetWidens input=@sheetInput",
				"sheet/appendOrUpdate": "upsert " + sheetPlace + " match_on=@sheetMatch row=@sheetRow new_columns=@sheetWidens input=@sheetInput",
				"sheet/upsert":         "upsert " + sheetPlace + " match_on=@sheetMatch row=@sheetRow new_columns=@sheetWidens input=@sheetInput",
				"sheet/clear":          "clear " + sheetPlace + " range=@sheetClear",
				"sheet/delete":         "delete_rows " + sheetPlace + " dimension=@sheetDimension start=startIndex count=numberToDelete",
				"sheet/create":         "create_sheet spreadsheet=@sheetDocument title=title",
				"sheet/remove":         "delete_sheet " + sheetPlace,
				"spreadsheet/create":   "create_spreadsheet title=title sheets=@sheetTitles",
			},
			ignored: "columns range dataMode fieldsUi filtersUI combineFilters toDelete clear keyRow dataStartRow rawData columnHeaderRow " +
				"valueInputMode options.cellFormat options.valueInputMode options.returnAllMatches options.returnFirstMatch " +
				"options.dataLocationOnSheet options.locationDefine options.handlingExtraData options.compareColumn options.useAppend",
		},
		"googleDrive": {
			service: "google_drive", title: "Google Drive", secret: "credential", resource: "file",
			usual: map[string]string{"file": "upload", "fileFolder": "search", "folder": "create", "drive": "create"},
			operations: map[string]string{
				"file/upload":         "upload file=@driveFile name=name folder=@driveFolder",
				"file/download":       "download file_id=fileId|locator",
				"file/copy":           "copy file_id=fileId|locator name=name folder=@driveFolder",
				"file/createFromText": "create_from_text text=content name=name folder=@driveFolder as_document=options.convertToGoogleDocument",
				"file/deleteFile":     "delete file_id=fileId|locator",
				"file/delete":         "delete file_id=fileId|locator",
				"file/move":           "move file_id=fileId|locator folder=@driveFolder",
				"file/share":          "share file_id=fileId|locator " + drivePermissions,
				"file/update":         "rename file_id=fileId|locator name=newUpdatedFileName",
				"file/list":           "search search=queryString limit=limit",
				"fileFolder/search":   "search name=@driveName search=@driveQuery folder=@driveSearched what=@driveWhat limit=limit",
				"folder/create":       "create_folder name=name folder=@driveFolder",
				"folder/deleteFolder": "delete file_id=folderNoRootId|locator",
				"folder/share":        "share file_id=folderNoRootId|locator " + drivePermissions,
				"drive/list":          "list_drives limit=limit",
			},
			ignored: "driveId folderId parents searchMethod queryString filter permissionsUi binaryData inputDataFieldName binaryPropertyName " +
				"options.fileName options.binaryPropertyName options.fields options.simplifyOutput permissions",
		},
		"googleCalendar": {
			service: "google_calendar", title: "Google Calendar", secret: "credential", resource: "event",
			usual: map[string]string{"event": "create", "calendar": "availability"},
			operations: map[string]string{
				"event/create": "create_event calendar=calendar|locator start=start end=end summary=additionalFields.summary " +
					"description=additionalFields.description location=additionalFields.location attendees=additionalFields.attendees|list " +
					"all_day=@calendarWholeDays color=additionalFields.color visibility=additionalFields.visibility updates=additionalFields.sendUpdates",
				"event/update": "update_event calendar=calendar|locator event_id=eventId start=updateFields.start end=updateFields.end " +
					"summary=updateFields.summary description=updateFields.description location=updateFields.location " +
					"attendees=updateFields.attendees|list color=updateFields.color visibility=updateFields.visibility updates=updateFields.sendUpdates",
				"event/get":    "get_event calendar=calendar|locator event_id=eventId",
				"event/delete": "delete_event calendar=calendar|locator event_id=eventId updates=options.sendUpdates",
				"event/getAll": "list_events calendar=calendar|locator after=@calendarAfter before=@calendarBefore search=options.query " +
					"single=options.singleEvents order=options.orderBy limit=limit",
				"calendar/availability": "availability calendar=calendar|locator start=timeMin end=timeMax time_zone=options.timezone",
			},
			ignored: "useDefaultReminders timeMin timeMax options.timeMin options.timeMax options.recurringEventHandling",
		},
		"googleDocs": {
			service: "google_docs", title: "Google Docs", secret: "credential", resource: "document",
			usual: map[string]string{"document": "create"},
			operations: map[string]string{
				"document/create": "create title=title",
				"document/get":    "@docsRead",
				"document/update": "@docsChange",
			},
			ignored: "driveId simple",
		},
		"microsoftOutlook": {
			service: "microsoft_outlook", title: "Microsoft Outlook", secret: "credential", resource: "message",
			usual: map[string]string{"message": "send", "draft": "create", "event": "create", "folder": "create", "messageAttachment": "add",
				"folderMessage": "getAll"},
			operations: map[string]string{
				"message/send":               "send to=toRecipients|list subject=subject text=bodyContent body_type=@outlookForm " + outlookFields,
				"message/reply":              "reply message_id=messageId|locator text=message",
				"message/getAll":             "list_messages filter=filtersUI.values.filters.custom search=filtersUI.values.search limit=limit",
				"message/get":                "get_message message_id=messageId|locator",
				"message/delete":             "delete_message message_id=messageId|locator",
				"message/move":               "move_message message_id=messageId|locator folder=folderId|locator",
				"draft/create":               "create_draft to=additionalFields.toRecipients|list subject=subject text=bodyContent body_type=@outlookForm " + outlookFields,
				"draft/send":                 "send_draft message_id=draftId|locator",
				"event/create":               "create_event subject=subject start=startDateTime end=endDateTime time_zone=additionalFields.timeZone",
				"event/getAll":               "list_events limit=limit",
				"event/delete":               "delete_event event_id=eventId|locator",
				"folder/create":              "create_folder name=displayName",
				"folder/getAll":              "list_folders limit=limit",
				"folderMessage/getAll":       "list_folder_messages folder=folderId|locator limit=limit",
				"messageAttachment/getAll":   "list_attachments message_id=messageId|locator",
				"messageAttachment/download": "download_attachment message_id=messageId|locator attachment_id=attachmentId|locator",
			},
			ignored: "additionalFields.bodyContentType filtersUI output fields calendarId",
		},
		"youTube": {
			service: "youtube", title: "YouTube", secret: "credential", resource: "channel",
			usual: map[string]string{"channel": "getAll", "video": "getAll", "playlistItem": "add", "playlist": "create"},
			operations: map[string]string{
				"channel/get":         "get_channel channel=channelId",
				"video/get":           "get_video video=videoId",
				"video/getAll":        "search search=filters.q channel=filters.channelId after=filters.publishedAfter order=options.order limit=limit",
				"video/delete":        "delete_video video=videoId",
				"video/update":        "update_video video=videoId title=title category=categoryId description=updateFields.description tags=updateFields.tags|list",
				"playlistItem/add":    "add_to_playlist playlist=playlistId video=videoId",
				"playlistItem/getAll": "list_playlist playlist=playlistId limit=limit",
			},
			ignored: "part regionCode",
		},
	}
})

const (
	sheetPlace       = "spreadsheet=@sheetDocument sheet=@sheetName"
	drivePermissions = "role=permissionsUi.permissionsValues.role with=permissionsUi.permissionsValues.type " +
		"email=permissionsUi.permissionsValues.emailAddress domain=permissionsUi.permissionsValues.domain"
	outlookFields = "cc=additionalFields.ccRecipients|list bcc=additionalFields.bccRecipients|list " +
		"reply_to=additionalFields.replyTo|list importance=@outlookWeight " +
		"attachment=additionalFields.attachments.attachments.0.binaryPropertyName"
)
