/* Keys, focus, and one send at a time. Every page works without it; it stores nothing and asks for nothing. */
"use strict";
(function () {
  var one = function (query, root) { return (root || document).querySelector(query); };
  var all = function (query) { return Array.prototype.slice.call(document.querySelectorAll(query)); };
  var singleKeys = document.body.dataset.keys === "on"; // can be switched off (WCAG 2.1.4)
  var rows = all("[data-row]");

  var typing = function (target) {
    return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  };

  var goTo = function (row) {
    rows.forEach(function (other) { other.removeAttribute("aria-current"); other.tabIndex = -1; });
    row.setAttribute("aria-current", "true");
    row.tabIndex = 0;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };
  var step = function (by) {
    var at = rows.findIndex(function (row) { return row.hasAttribute("aria-current"); });
    if (rows.length) { goTo(rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))]); }
  };
  var current = function () { return one("[data-row][aria-current]"); };
  var press = function (query) {
    var found = current() && one(query, current());
    if (found) { found.click(); }
    return Boolean(found);
  };

  var keys = {
    "?": function () { one("#keys-help").showModal(); },
    "/": function () { var find = one("#find"); if (find) { find.focus(); find.select(); } },
    j: function () { step(1); },
    k: function () { step(-1); },
    m: function () { press("[data-claim]"); },
    n: function () { var news = one("[data-news] a:not([hidden])"); if (news) { news.click(); } }
  };

  document.addEventListener("keydown", function (event) {
    var main = one("form[data-main]");
    if (event.ctrlKey && event.key === "Enter" && main) {
      event.preventDefault();
      (one("[data-send]", main) || one("[type=submit]", main)).click();
      return;
    }
    if (event.key === "Escape" && typing(event.target)) {
      event.target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || event.isComposing) { return; }
    if (event.key === "Enter" && event.target.matches("[data-row]")) {
      if (!press("[data-act]")) { press("a"); } // what there is to do, before what there is to read
      return;
    }
    var act = singleKeys && keys[event.key.toLowerCase()];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  // What is sent twice in haste is sent once; the server takes it for one record in any case.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method === "dialog") { return; }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    all("[type=submit]").forEach(function (button) {
      if (button.form === form) { button.setAttribute("aria-disabled", "true"); }
    });
  });

  // A page that Back brings from the browser's memory is asked for anew: what it showed may not be theirs any more.
  window.addEventListener("pageshow", function (event) { if (event.persisted) { window.location.reload(); } });

  all("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });

  var told = one("[data-focus]");
  var first = one("[data-first] input, [data-first] select, [data-first] textarea");
  var back = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (told) { told.focus(); } else if (back && back.matches("[data-row]")) { goTo(back); } else if (first) { first.focus(); }
}());
