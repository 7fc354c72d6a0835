___TERMS_OF_SERVICE___

By creating or modifying this file you agree to Google Tag Manager's Community
Template Gallery Developer Terms of Service available at
https://developers.google.com/tag-manager/gallery-tos (or such other URL as
Google may provide), as modified from time to time.


___INFO___

{
  "type": "TAG",
  "id": "cvt_temp_public_id",
  "version": 1,
  "securityGroups": [],
  "displayName": "Swapboard call tracking",
  "brand": {
    "id": "brand_swapboard",
    "displayName": "Swapboard"
  },
  "description": "Shows each visitor a phone number of their own, so that your Swapboard server can tell which ad, keyword and page made the phone ring.",
  "categories": ["ANALYTICS", "ATTRIBUTION", "LEAD_GENERATION"],
  "containerContexts": ["WEB"]
}


___TEMPLATE_PARAMETERS___

[
  {
    "type": "RADIO",
    "name": "does",
    "displayName": "What the tag does",
    "simpleValueType": true,
    "defaultValue": "load",
    "radioItems": [
      {"value": "load", "displayValue": "Shows visitors their numbers (one such tag, on all pages)"},
      {"value": "event", "displayValue": "Notes an event in the visit"}
    ]
  },
  {
    "type": "TEXT",
    "name": "scriptUrl",
    "displayName": "Address of the script",
    "simpleValueType": true,
    "help": "On your Swapboard server's set-up page, between the quotation marks after src=",
    "valueHint": "https://calls.example.com/t/SITEKEY.js",
    "valueValidators": [
      {"type": "NON_EMPTY"},
      {
        "type": "REGEX",
        "args": ["^https://[^\\s?#]+/[^/\\s?#]+\\.js$"],
        "errorMessage": "Write the whole address. It begins with https:// and ends in .js"
      }
    ],
    "enablingConditions": [{"paramName": "does", "paramValue": "load", "type": "EQUALS"}]
  },
  {
    "type": "SELECT",
    "name": "consentType",
    "displayName": "Tell Swapboard of the visitor's consent",
    "simpleValueType": true,
    "defaultValue": "none",
    "help": "Only where the site at your Swapboard server waits for consent. Then choose what the visitor has to grant.",
    "selectItems": [
      {"value": "none", "displayValue": "No"},
      {"value": "ad_storage", "displayValue": "When ad_storage is granted"},
      {"value": "analytics_storage", "displayValue": "When analytics_storage is granted"}
    ],
    "enablingConditions": [{"paramName": "does", "paramValue": "load", "type": "EQUALS"}]
  },
  {
    "type": "TEXT",
    "name": "eventName",
    "displayName": "Name of the event",
    "simpleValueType": true,
    "valueHint": "quote_requested",
    "valueValidators": [{"type": "NON_EMPTY"}],
    "enablingConditions": [{"paramName": "does", "paramValue": "event", "type": "EQUALS"}]
  },
  {
    "type": "SIMPLE_TABLE",
    "name": "eventProperties",
    "displayName": "What belongs to it",
    "simpleTableColumns": [
      {"type": "TEXT", "name": "name", "displayName": "Name", "defaultValue": "", "isUnique": true},
      {"type": "TEXT", "name": "value", "displayName": "Value", "defaultValue": ""}
    ],
    "enablingConditions": [{"paramName": "does", "paramValue": "event", "type": "EQUALS"}]
  }
]


___SANDBOXED_JS_FOR_WEB_TEMPLATE___

const addConsentListener = require('addConsentListener');
const callInWindow = require('callInWindow');
const copyFromWindow = require('copyFromWindow');
const createArgumentsQueue = require('createArgumentsQueue');
const injectScript = require('injectScript');
const isConsentGranted = require('isConsentGranted');
const log = require('logToConsole');
const makeTableMap = require('makeTableMap');
const queryPermission = require('queryPermission');

// The script may be there already; until it is, a queue takes what is said.
if (!copyFromWindow('swapboard')) createArgumentsQueue('swapboard', 'swapboard.q');

const tellConsent = function(isGranted) {
  callInWindow('swapboard', 'consent', isGranted ? 'granted' : 'denied');
};

const watchConsent = function(consentType) {
  // Who has not decided yet has not declined: the script waits.
  if (isConsentGranted(consentType)) tellConsent(true);
  addConsentListener(consentType, function(changedType, isGranted) {
    tellConsent(isGranted);
  });
};

const load = function() {
  if (!queryPermission('inject_script', data.scriptUrl)) {
    log('Swapboard: the script may not be loaded from ' + data.scriptUrl);
    data.gtmOnFailure();
    return;
  }
  if (data.consentType && data.consentType !== 'none') watchConsent(data.consentType);
  injectScript(data.scriptUrl, data.gtmOnSuccess, data.gtmOnFailure, data.scriptUrl);
};

const noteEvent = function() {
  const properties = data.eventProperties ? makeTableMap(data.eventProperties, 'name', 'value') : {};
  callInWindow('swapboard', 'event', data.eventName, properties || {});
  data.gtmOnSuccess();
};

if (data.does === 'event') {
  noteEvent();
} else {
  load();
}


___WEB_PERMISSIONS___

[
  {
    "instance": {
      "key": {"publicId": "logging", "versionId": "1"},
      "param": [{"key": "environments", "value": {"type": 1, "string": "debug"}}]
    },
    "clientAnnotations": {"isEditedByUser": true},
    "isRequired": true
  },
  {
    "instance": {
      "key": {"publicId": "inject_script", "versionId": "1"},
      "param": [
        {"key": "urls", "value": {"type": 2, "listItem": [{"type": 1, "string": "https://*/*"}]}}
      ]
    },
    "clientAnnotations": {"isEditedByUser": true},
    "isRequired": true
  },
  {
    "instance": {
      "key": {"publicId": "access_globals", "versionId": "1"},
      "param": [
        {
          "key": "keys",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {"type": 1, "string": "key"},
                  {"type": 1, "string": "read"},
                  {"type": 1, "string": "write"},
                  {"type": 1, "string": "execute"}
                ],
                "mapValue": [
                  {"type": 1, "string": "swapboard"},
                  {"type": 8, "boolean": true},
                  {"type": 8, "boolean": true},
                  {"type": 8, "boolean": true}
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {"type": 1, "string": "key"},
                  {"type": 1, "string": "read"},
                  {"type": 1, "string": "write"},
                  {"type": 1, "string": "execute"}
                ],
                "mapValue": [
                  {"type": 1, "string": "swapboard.q"},
                  {"type": 8, "boolean": true},
                  {"type": 8, "boolean": true},
                  {"type": 8, "boolean": false}
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {"isEditedByUser": true},
    "isRequired": true
  },
  {
    "instance": {
      "key": {"publicId": "access_consent", "versionId": "1"},
      "param": [
        {
          "key": "consentTypes",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {"type": 1, "string": "consentType"},
                  {"type": 1, "string": "read"},
                  {"type": 1, "string": "write"}
                ],
                "mapValue": [
                  {"type": 1, "string": "ad_storage"},
                  {"type": 8, "boolean": true},
                  {"type": 8, "boolean": false}
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {"type": 1, "string": "consentType"},
                  {"type": 1, "string": "read"},
                  {"type": 1, "string": "write"}
                ],
                "mapValue": [
                  {"type": 1, "string": "analytics_storage"},
                  {"type": 8, "boolean": true},
                  {"type": 8, "boolean": false}
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {"isEditedByUser": true},
    "isRequired": true
  }
]


___TESTS___

scenarios:
- name: Loads the script once
  code: |-
    runCode({does: 'load', scriptUrl: scriptUrl, consentType: 'none'});
    assertApi('injectScript').wasCalled();
    assertThat(injected).isEqualTo([{url: scriptUrl, cacheToken: scriptUrl}]);
    assertApi('gtmOnSuccess').wasCalled();
    assertApi('gtmOnFailure').wasNotCalled();
    assertApi('isConsentGranted').wasNotCalled();
    assertApi('addConsentListener').wasNotCalled();
- name: Says so when the script cannot be loaded
  code: |-
    mock('injectScript', function(url, onSuccess, onFailure) {
      onFailure();
    });
    runCode({does: 'load', scriptUrl: scriptUrl, consentType: 'none'});
    assertApi('gtmOnFailure').wasCalled();
    assertApi('gtmOnSuccess').wasNotCalled();
- name: Loads nothing that it may not load
  code: |-
    mock('queryPermission', false);
    runCode({does: 'load', scriptUrl: scriptUrl, consentType: 'ad_storage'});
    assertApi('injectScript').wasNotCalled();
    assertApi('addConsentListener').wasNotCalled();
    assertApi('logToConsole').wasCalled();
    assertApi('gtmOnFailure').wasCalled();
- name: Makes a queue for what is said before the script is there
  code: |-
    mock('copyFromWindow', undefined);
    runCode({does: 'load', scriptUrl: scriptUrl, consentType: 'none'});
    assertApi('createArgumentsQueue').wasCalledWith('swapboard', 'swapboard.q');
- name: Leaves a script alone that is there already
  code: |-
    mock('copyFromWindow', function() {
      return function() {};
    });
    runCode({does: 'load', scriptUrl: scriptUrl, consentType: 'none'});
    assertApi('createArgumentsQueue').wasNotCalled();
- name: Tells of consent that was granted before
  code: |-
    mock('isConsentGranted', true);
    runCode({does: 'load', scriptUrl: scriptUrl, consentType: 'ad_storage'});
    assertApi('isConsentGranted').wasCalledWith('ad_storage');
    assertThat(said).isEqualTo([['swapboard', 'consent', 'granted']]);
- name: Says nothing while the visitor has not decided
  code: |-
    mock('isConsentGranted', false);
    runCode({does: 'load', scriptUrl: scriptUrl, consentType: 'analytics_storage'});
    assertThat(said).isEqualTo([]);
    assertApi('injectScript').wasCalled();
- name: Tells of consent that is granted or withdrawn later
  code: |-
    let listener;
    mock('isConsentGranted', false);
    mock('addConsentListener', function(consentType, tell) {
      assertThat(consentType).isEqualTo('analytics_storage');
      listener = tell;
    });
    runCode({does: 'load', scriptUrl: scriptUrl, consentType: 'analytics_storage'});
    listener('analytics_storage', true);
    listener('analytics_storage', false);
    assertThat(said).isEqualTo([['swapboard', 'consent', 'granted'], ['swapboard', 'consent', 'denied']]);
- name: Notes an event
  code: |-
    runCode({
      does: 'event',
      eventName: 'quote_requested',
      eventProperties: [{name: 'service', value: 'drains'}, {name: 'rooms', value: '3'}]
    });
    assertThat(said).isEqualTo([['swapboard', 'event', 'quote_requested', {service: 'drains', rooms: '3'}]]);
    assertApi('injectScript').wasNotCalled();
    assertApi('gtmOnSuccess').wasCalled();
- name: Notes an event to which nothing belongs
  code: |-
    runCode({does: 'event', eventName: 'chat_opened'});
    assertThat(said).isEqualTo([['swapboard', 'event', 'chat_opened', {}]]);
setup: |-
  const scriptUrl = 'https://calls.example.com/t/SITEKEY.js';
  const injected = [];
  const said = [];
  mock('injectScript', function(url, onSuccess, onFailure, cacheToken) {
    injected.push({url: url, cacheToken: cacheToken});
    onSuccess();
  });
  mock('callInWindow', function(key, command, first, second) {
    const told = [key, command, first];
    if (second !== undefined) told.push(second);
    said.push(told);
  });


___NOTES___

Swapboard is call tracking on a server of your own, so the script's host differs from business to business: that is
why the template may load a script from any HTTPS address. The address is the one field that has to be filled in.
