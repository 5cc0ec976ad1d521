// Draws every [data-chart] with uPlot from the JSON beside it; colours come from the style sheet.
(() => {
  const hue = (name, alpha = 1) => {
    const probe = document.createElement("i");
    probe.className = `hue-${name}`;
    document.body.append(probe);
    const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g);
    probe.remove();
    return `rgb(${r} ${g} ${b} / ${alpha})`;
  };

  const drawMarks = (marks) => (u) => {
    const { ctx } = u;
    const { left, top, width, height } = u.bbox;
    const px = devicePixelRatio;
    ctx.save();
    for (const mark of marks) {
      const x = Math.round(u.valToPos(mark.at, "x", true)) + 0.5;
      if (x < left || x > left + width) continue;
      ctx.strokeStyle = ctx.fillStyle = hue(mark.kind);
      ctx.lineWidth = 1.5 * px;
      ctx.beginPath();
      if (mark.kind === "own") {
        const y = top + height - 6 * px, r = 5 * px;
        ctx.moveTo(x, y - r); ctx.lineTo(x + r, y); ctx.lineTo(x, y + r); ctx.lineTo(x - r, y);
        ctx.fill();
        continue;
      }
      ctx.setLineDash(mark.kind === "onset" ? [5 * px, 4 * px] : []);
      ctx.moveTo(x, top); ctx.lineTo(x, top + height); ctx.stroke();
      if (mark.kind === "alarm") {
        ctx.setLineDash([]);
        ctx.beginPath();
        ctx.moveTo(x - 5 * px, top); ctx.lineTo(x + 5 * px, top); ctx.lineTo(x, top + 7 * px);
        ctx.fill();
      }
    }
    ctx.restore();
  };

  const drawFan = (fan, from) => (u) => {
    if (!fan.length) return;
    const { ctx } = u;
    const x = (at) => u.valToPos(at, "x", true);
    const y = (value) => u.valToPos(value, "y", true);
    ctx.save();
    ctx.beginPath();
    ctx.moveTo(x(from.at), y(from.value));
    for (const one of fan) ctx.lineTo(x(one.at), y(one.high));
    for (const one of [...fan].reverse()) ctx.lineTo(x(one.at), y(one.low));
    ctx.closePath();
    ctx.fillStyle = hue("observed", 0.14);
    ctx.fill();
    ctx.beginPath();
    ctx.moveTo(x(from.at), y(from.value));
    for (const one of fan) ctx.lineTo(x(one.at), y(one.middle));
    ctx.strokeStyle = hue("observed");
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.stroke();
    ctx.restore();
  };

  const tip = (box, names, data, locale) => {
    const card = document.createElement("div");
    card.className = "chart-tip";
    card.hidden = true;
    box.append(card);
    const row = (name, value) => {
      const p = document.createElement("p");
      const label = document.createElement("span");
      const figure = document.createElement("strong");
      label.textContent = name;
      figure.textContent = value;
      p.append(label, figure);
      return p;
    };
    return (u) => {
      const at = u.cursor.idx;
      card.hidden = at == null || u.cursor.left < 0;
      if (card.hidden) return;
      const when = new Date(u.data[0][at] * 1000).toLocaleString(locale, { weekday: "short", hour: "2-digit", minute: "2-digit", day: "numeric", hourCycle: "h23" });
      const heading = document.createElement("p");
      heading.textContent = when;
      const marks = data.marks.filter((mark) => at === u.valToIdx(mark.at));
      card.replaceChildren(heading,
        row(names.voices, data.voices[at].toLocaleString(locale)),
        row(names.expected, data.expected[at].toLocaleString(locale)),
        row(names.negatives, data.negatives[at].toLocaleString(locale)),
        ...marks.map((mark) => row(mark.label, new Date(mark.at * 1000).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }))));
      const x = u.cursor.left + u.bbox.left / devicePixelRatio;
      const wide = box.clientWidth;
      card.style.left = `${x > wide / 2 ? Math.max(0, x - card.offsetWidth - 12) : x + 12}px`;
      card.style.top = "8px";
    };
  };

  const draw = (box, figures) => {
    const data = JSON.parse(figures);
    const { locale } = data;
    const step = data.times.length > 1 ? data.times[1] - data.times[0] : 60;
    const fan = data.fan.filter((one) => one.at > data.times.at(-1));
    const roof = Math.max(0, ...fan.map((one) => one.high));
    const end = fan.length ? fan.at(-1).at : 0;
    const zero = data.upper.map(() => 0);
    const axis = { stroke: hue("axis"), grid: { stroke: hue("grid"), width: 1 }, ticks: { stroke: hue("grid"), size: 4 }, font: "12px Inter, sans-serif" };
    const short = data.times.length > 1 && data.times.at(-1) - data.times[0] <= 2 * 86400;
    const dates = new Intl.DateTimeFormat(locale, short ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { day: "numeric", month: "short" });
    const options = {
      width: box.clientWidth,
      height: Math.max(220, Math.min(320, box.clientWidth * 0.4)),
      legend: { show: false },
      cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
      scales: { x: { time: true, range: (_u, low, high) => [low - step / 2, Math.max(high, end) + step] }, y: { range: (_u, _low, high) => [0, Math.max(4, high * 1.12, roof * 1.05)] } },
      axes: [
        { ...axis, size: 32, grid: { show: false }, values: (_u, ticks) => ticks.map((tick) => dates.format(tick * 1000)), space: 70 },
        { ...axis, size: 44, values: (_u, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? tick.toLocaleString(locale) : "")) },
      ],
      series: [
        {},
        { stroke: "transparent", points: { show: false } },
        { stroke: "transparent", points: { show: false } },
        { stroke: hue("expected", 0.8), width: 1, dash: [3, 3], points: { show: false } },
        { stroke: hue("negative", 0.75), fill: hue("negative", 0.55), width: 0, paths: uPlot.paths.bars({ size: [0.6, 40] }), points: { show: false } },
        { stroke: hue("observed"), width: 2, points: { show: false } },
      ],
      bands: [{ series: [1, 2], fill: hue("expected", 0.13) }],
      hooks: { draw: [drawFan(fan, { at: data.times.at(-1), value: data.voices.at(-1) }), drawMarks(data.marks)], setCursor: [] },
    };
    box.replaceChildren();
    options.hooks.setCursor.push(tip(box, box.dataset, data, locale));
    return new uPlot(options, [data.times, data.upper, zero, data.expected, data.negatives, data.voices], box);
  };

  const drawn = new WeakMap();
  const drawAll = (force) => {
    for (const box of document.querySelectorAll("[data-chart]")) {
      const figures = document.getElementById(box.dataset.chart).textContent;
      const before = drawn.get(box);
      if (before?.figures === figures && !force) continue;
      before?.plot.destroy();
      drawn.set(box, { figures, plot: draw(box, figures) });
    }
  };
  drawAll();
  document.addEventListener("htmx:afterSettle", () => drawAll());
  document.addEventListener("themechange", () => drawAll(true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(true));
  let later;
  addEventListener("resize", () => { clearTimeout(later); later = setTimeout(() => drawAll(true), 150); });
  document.fonts?.ready.then(() => drawAll(true));
})();
