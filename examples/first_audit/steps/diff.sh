rapport diff third fourth
