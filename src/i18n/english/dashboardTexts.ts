/** `RateLimitDashboard`. */
export const dashboardTexts = {};
