/* Says that there is something new; what is shown changes only when the reader asks for it.
   One stream for all tabs of a browser: HTTP/1.1 allows six connections, and the seventh tab would stand still. */
"use strict";
(function () {
  var place = document.querySelector("[data-news]");
  if (!place || !window.EventSource) { return; }
  var address = place.dataset.news;
  var own = Number(place.dataset.mark);
  var latest = own; // in the tab that has the stream: the last mark that this told
  var tabs = window.BroadcastChannel ? new BroadcastChannel(address) : null;

  var show = function (mark) {
    if (mark > own) { place.querySelector("a").hidden = false; }
  };
  var tell = function (mark) {
    latest = mark;
    show(mark);
    if (tabs) { tabs.postMessage({ mark: mark }); }
  };

  // The browser connects again by itself, with the id of the last event.
  var follow = function () {
    return new Promise(function (end) {
      var stream = new EventSource(address + "?since=" + own);
      stream.addEventListener("changed", function (event) { tell(Number(event.lastEventId)); });
      stream.addEventListener("error", function () { if (stream.readyState === EventSource.CLOSED) { end(); } });
    });
  };

  if (tabs) {
    tabs.onmessage = function (event) {
      if (event.data.asks) { tabs.postMessage({ mark: latest }); } else { show(event.data.mark); }
    };
    tabs.postMessage({ asks: true });
  }
  if (tabs && navigator.locks) {
    navigator.locks.request(address, follow); // whoever has it follows; another tab goes on when that one closes
  } else {
    follow();
  }
}());
