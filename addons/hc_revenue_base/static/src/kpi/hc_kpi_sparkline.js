import { Component } from "@odoo/owl";

const WIDTH = 120;
const HEIGHT = 32;
const MARGIN = 3;

/** A small line of the last weeks; gaps where the indicator had no value. */
export class HcKpiSparkline extends Component {
    static template = "hc_revenue_base.KpiSparkline";
    static props = {
        points: { type: Array },
        target: { type: [Number, { value: null }], optional: true },
        label: String,
    };

    get viewBox() {
        return `0 0 ${WIDTH} ${HEIGHT}`;
    }

    get known() {
        return this.props.points.filter((point) => point !== null);
    }

    /** Height of a value in the picture; the target is part of the range. */
    y(value) {
        const range = [...this.known, ...(this.hasTarget ? [this.props.target] : [])];
        const low = Math.min(...range);
        const high = Math.max(...range);
        const share = high === low ? 0.5 : (value - low) / (high - low);
        return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN);
    }

    x(index) {
        const last = Math.max(this.props.points.length - 1, 1);
        return MARGIN + (index / last) * (WIDTH - 2 * MARGIN);
    }

    get hasTarget() {
        return this.props.target !== null && this.props.target !== undefined;
    }

    get targetY() {
        return this.y(this.props.target);
    }

    /** The line as an SVG path, lifted over weeks without a value. */
    get path() {
        let pen = "M";
        const steps = [];
        this.props.points.forEach((point, index) => {
            if (point === null) {
                pen = "M";
                return;
            }
            steps.push(`${pen}${this.x(index).toFixed(1)} ${this.y(point).toFixed(1)}`);
            pen = "L";
        });
        return steps.join(" ");
    }

    get lastPoint() {
        const index = this.props.points.length - 1;
        const value = this.props.points[index];
        return value === null ? null : { x: this.x(index), y: this.y(value) };
    }
}
