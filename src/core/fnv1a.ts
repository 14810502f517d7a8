/**
 * FNV-1a, 32 bits (https://www.rfc-editor.org/rfc/rfc9923), over the UTF-16 code units of a text: to spread and to compare,
 * not to withstand an attack.
 *
 * @param before the hash of what comes before the text, where it goes on
 */
export function fnv1a(text: string, before = 0x811c9dc5): number {
    let hash = before;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    return hash >>> 0;
}
