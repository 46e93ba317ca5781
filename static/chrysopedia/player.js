/** Players for videos and sound. Nothing is requested from another site before the reader presses the button. */

import { make, word } from "./messages.js";

const YOUTUBE = /^(www\.|m\.)?youtube\.com$/;
const VIMEO = /^(www\.)?vimeo\.com$/;
const VIMEO_PATH = /^(?:\/channels\/\w+|\/groups\/\w+\/videos|\/showcase\/\d+\/video)?\/(\d+)(?:\/(\w+))?\/?$/;
const VIDEO = /\.(mp4|m4v|mov|webm|ogv)$/i;
const AUDIO = /\.(mp3|m4a|aac|flac|ogg|oga|opus|wav)$/i;
const ALLOWED = "autoplay; encrypted-media; fullscreen; picture-in-picture";

/** The button whose player is open; only one plays at a time. */
let playing = null;

/**
 * @param {string} address of a work, or of a second of it
 * @param {number | null} [at] the second to begin at, instead of the one in the address
 * @returns {{tag: "iframe" | "video" | "audio", src: string} | null} null if it can't be played in the page
 */
export function playerOf(address, at = null) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") return null;
  const second = at ?? secondsOf(url.searchParams.get("t") ?? url.hash.replace("#t=", ""));
  const isShort = url.hostname === "youtu.be";
  if (isShort || (YOUTUBE.test(url.hostname) && url.pathname === "/watch")) {
    const video = isShort ? url.pathname.slice(1) : (url.searchParams.get("v") ?? "");
    const src = `https://www.youtube-nocookie.com/embed/${video}?start=${second}&autoplay=1`;
    return /^[\w-]{1,64}$/.test(video) ? { tag: "iframe", src } : null;
  }
  const [, video, secret] = (VIMEO.test(url.hostname) && VIMEO_PATH.exec(url.pathname)) || [];
  const query = `autoplay=1&dnt=1${secret ? `&h=${secret}` : ""}`;
  if (video) return { tag: "iframe", src: `https://player.vimeo.com/video/${video}?${query}#t=${second}s` };
  // The page's Content-Security-Policy allows media from other sites over https only.
  const isFile = url.protocol === "https:" || url.origin === location.origin;
  if (at !== null) url.hash = `t=${at}`;
  if (isFile && VIDEO.test(url.pathname)) return { tag: "video", src: url.href };
  return isFile && AUDIO.test(url.pathname) ? { tag: "audio", src: url.href } : null;
}

/** "73", "73s" and "1m13s" are all in use. */
function secondsOf(text) {
  const [, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(text) ?? [];
  return 3600 * hours + 60 * minutes + Number(seconds);
}

/**
 * @param {string} address
 * @param {string} title names the player for screen readers
 * @returns {HTMLButtonElement[]} a button that opens and closes the player, or nothing if it can't be played
 */
export function playButton(address, title) {
  if (!playerOf(address)) return [];
  const button = make("button.play-here", word("play_here"));
  button.type = "button";
  button.ariaExpanded = "false";
  button.addEventListener("click", () => (button.player ? close(button) : play(button, playerOf(address), title)));
  return [button];
}

function play(button, found, title) {
  if (playing) close(playing);
  playing = button;
  button.player = playerBox(found, title);
  button.closest(".places, .facts").after(button.player);
  show(button, true);
}

/**
 * Moves an open player to the matching button of a new article, without interrupting it where the browser can.
 * @param {HTMLButtonElement} from
 * @param {HTMLButtonElement | null} to
 */
export function handPlayer(from, to) {
  if (!from.player) return;
  if (!to) return close(from);
  const place = to.closest(".places, .facts");
  // With moveBefore an iframe isn't loaded again; without it, it starts over from its second.
  if (place.parentNode.moveBefore) place.parentNode.moveBefore(from.player, place.nextSibling);
  else place.after(from.player);
  [to.player, from.player] = [from.player, null];
  if (playing === from) playing = to;
  show(from, false);
  show(to, true);
}

function show(button, isPlaying) {
  button.textContent = word(isPlaying ? "play_close" : "play_here");
  button.ariaExpanded = String(isPlaying);
}

function close(button) {
  button.player.remove();
  button.player = null;
  show(button, false);
  playing = null;
}

/**
 * @param {{tag: string, src: string}} found by `playerOf`
 * @param {string} title
 * @returns {HTMLElement} a box that has its final size before the player in it has loaded
 */
export function playerBox(found, title) {
  return make(`div.player.${found.tag}`, elementOf(found, title));
}

function elementOf({ tag, src }, title) {
  const element = make(tag);
  element.title = title;
  if (tag === "iframe") {
    // YouTube refuses to play without a referrer; the page sends none to anybody else.
    Object.assign(element, { allow: ALLOWED, loading: "lazy" });
    element.referrerPolicy = "strict-origin-when-cross-origin";
  } else {
    Object.assign(element, { controls: true, autoplay: true, playsInline: true, preload: "metadata" });
    element.addEventListener("error", () => element.replaceWith(make("p", word("play_failed"))));
  }
  element.src = src;
  return element;
}
